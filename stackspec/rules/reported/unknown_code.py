"""A comment that names a code which does not exist.

## Why
A misspelt code silences nothing, and everybody believes that it does.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: acme/own-4b} # stackspec: ignore[unkown-model] in-house architecture
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: acme/own-4b} # stackspec: ignore[unknown-model] in-house architecture
targets: {compose: {}}
```
"""

SEVERITY = "error"
