"""A comment that silences nothing.

## Why
The finding is gone, or stands elsewhere. A comment that stays behind would hide the next one of its kind.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B} # stackspec: ignore[unknown-model] in-house architecture
#                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
