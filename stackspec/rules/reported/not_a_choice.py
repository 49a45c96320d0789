"""A word where only a few others are possible.

## Why
Words such as `task` or `kind` choose between things that the compiler knows. An unknown one would have to be ignored or
guessed.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: docker, pools: {gpu: {accelerator: l4}}}
#               ^^^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
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
