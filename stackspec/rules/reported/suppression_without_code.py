"""A comment that silences everything.

## Why
A comment without a code would also silence the findings of tomorrow. It names what it silences in brackets, and
silences nothing else.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: acme/own-4b} # stackspec: ignore in-house architecture
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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

SEVERITY = "warning"
