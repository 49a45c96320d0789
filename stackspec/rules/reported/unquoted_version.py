"""A version that YAML reads as a number.

## Why
Without quotes `1.30` is the number 1.3, and the version that was meant is lost. Quotes keep it as it is written.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, kubernetes_version: 1.30, pools: {gpu: {accelerator: l4}}}
#                                               ^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {kubernetes: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, kubernetes_version: "1.30", pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {kubernetes: {}}
```
"""

SEVERITY = "error"
