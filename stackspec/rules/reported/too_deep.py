"""Nesting that no stack needs.

## Why
The deepest place of the language is less than a dozen levels down. A document far deeper than that is a mistake of the
program that wrote it, or an attempt to exhaust the reader.

## Bad
```yaml
stackspec: v1
x-deep:
  [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
#                                                                ^
    []
  ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
```

## Good
```yaml
stackspec: v1
name: demo
x-deep: [[[[1]]]]
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
