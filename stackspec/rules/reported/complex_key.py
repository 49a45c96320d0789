"""A list or a mapping where a key belongs.

## Why
YAML allows `{a: 1}` as the key of another mapping; nothing in the language has such keys. It is nearly always a
template, such as `{{ name }}`, that was not filled in.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: {{ model }}}}
#                       ^
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
