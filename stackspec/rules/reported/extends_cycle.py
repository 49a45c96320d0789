"""Entries, environments or files that extend each other in a circle.

## Why
Each waits for what it inherits from the next, so none of them has a beginning.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
environments:
  staging: {extends: prod}
  prod: {extends: staging}
#                 ^^^^^^^
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
environments:
  prod: {}
  staging: {extends: prod, models: {chat: {context_length: 4096}}}
```
"""

SEVERITY = "error"
