"""A document that is a list or a single value.

## Why
A spec begins with `stackspec: v1`. A file that begins with a dash is a list, and one without any colon is a single
text.

## Bad
```yaml
- stackspec: v1
#^^^^^^^^^^^^^^
- name: demo
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
