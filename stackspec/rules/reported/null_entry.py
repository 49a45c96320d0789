"""An entry of a base document that holds nothing.

## Why
`null` removes what is inherited. In a document that inherits nothing it removes nothing, so what was meant is unclear:
an entry with its defaults is `{}`, and an entry that should not be there is left out. Often a value was simply indented
too little.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: }
#         ^^^^^^^
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B}
  draft: {model: Qwen/Qwen3-0.6B}
targets: {compose: {}}
environments:
  dev: {models: {draft: null}}
  prod:
```
"""

SEVERITY = "error"
