"""An adapter whose revision the engine does not take.

## Why
vLLM loads an adapter from the hub at its newest commit: its list of adapters has no place for a revision. What is
served can change from one start to the next. An adapter on the model's claim stays what it is.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", adapters: {de: {model: "acme/de-lora@0a1b2c3d"}}}}
#                                                                                                       ^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", adapters: {de: {model: "pvc://loras/de", rank: 16}}}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
