"""An empty list of environments.

## Why
Where `environments` stands, the base alone is never compiled, because it may be incomplete. With no environment in it,
nothing at all would be checked or written.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
environments: {}
#             ^^
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
environments: {prod: {}}
```
"""

SEVERITY = "error"
