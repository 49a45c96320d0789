"""A comment that silences a finding and does not say why.

## Why
Whoever reads the comment next must be able to judge whether it still holds. Until it gives a reason, it silences
nothing.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: acme/own-4b} # stackspec: ignore[unknown-model]
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: acme/own-4b} # stackspec: ignore[unknown-model] in-house architecture, sized by hand
targets: {compose: {}}
```
"""

SEVERITY = "warning"
