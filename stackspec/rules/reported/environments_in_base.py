"""Environments in a file that another one extends.

## Why
A file that is extended is a patch base. If it brought environments along, nobody could tell from the file that is
compiled which environments there are.

## Bad
With the file `base.yaml`:

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
environments: {prod: {}}
#             ^^^^^^^^^^
```

```yaml
extends: base.yaml
models: {chat: {context_length: 8192}}
```

## Good
With the file `base.yaml`:

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```

```yaml
extends: base.yaml
models: {chat: {context_length: 8192}}
environments: {prod: {}}
```
"""

SEVERITY = "error"
