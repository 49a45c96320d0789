"""A spec for another release of the compiler.

## Why
`requires` is looked at before anything else, so that an old compiler says that it is old, and not that it has never
heard of a key.

## Bad
```yaml
stackspec: v1
requires: ">=99"
#         ^^^^^^
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, thinks: ahead}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
requires: ">=0.1"
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
