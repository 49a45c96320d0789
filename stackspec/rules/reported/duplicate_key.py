"""A key that one mapping has twice.

## Why
YAML readers silently keep the last of the two, so half of what was written has no effect. It happens where two branches
are merged or a block is copied.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B}
# ----
  chat: {model: Qwen/Qwen3-8B}
# ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
