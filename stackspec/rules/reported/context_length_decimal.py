"""A context length in thousands where the model's own is in 1024s.

## Why
`k` is decimal everywhere in the language: `128k` are 128000 tokens. Models have lengths such as 131072, which people call 128k;
3072 tokens are then never used.
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 40k}}
#                      -------------                  ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 40960}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
