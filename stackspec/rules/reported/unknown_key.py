"""A key that the language does not have.

## Why
A misspelt key that is silently ignored is found weeks later, in production. Every section is closed; only keys that start with
`x-` are left alone.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {acelerator: l4}}}
#                                      ^^^^^^^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, x-bought: "2025"}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
