"""An alias inside the node that it names.

## Why
Such a document has no end when it is unfolded.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
models: &models {chat: *models}
#                      ^^^^^^^
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
