"""A YAML tag.

## Why
Tags such as `!Ref` or `!!python/object` mean something to one program and nothing to all others. A spec is plain data;
what it refers to is a name, and a secret is `{secret: name}`.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: !env MODEL}}
#                      ^^^^
targets: {compose: {}}
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
