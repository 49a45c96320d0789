"""An alias without its anchor.

## Why
`*name` repeats a node that was marked `&name` further up in the same file; anchors of another file cannot be reached.
It also happens where text begins with an asterisk and has no quotes.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: *small}}
#                                     ^^^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
x-note: "*small* is enough"
targets: {compose: {}}
```
"""

SEVERITY = "error"
