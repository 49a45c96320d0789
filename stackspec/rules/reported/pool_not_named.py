"""A model that could run on several pools.

## Why
With one pool there is nothing to choose. With several, a default would silently move a model to other hardware as soon
as somebody adds a pool.

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: compose
  pools: {large: {accelerator: l4}, small: {accelerator: t4}}
models: {chat: {model: Qwen/Qwen3-4B}, draft: {model: Qwen/Qwen3-0.6B, pool: small}}
#        ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: compose
  pools: {large: {accelerator: l4}, small: {accelerator: t4}}
models: {chat: {model: Qwen/Qwen3-4B, pool: large}, draft: {model: Qwen/Qwen3-0.6B, pool: small}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
