"""A target that cannot deliver to this kind of cluster.

## Why
A target writes files for certain kinds of cluster: a Compose project cannot start pods. Where an environment changes the kind, the
targets that it inherits have to change too.
https://docs.docker.com/reference/compose-file/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
#               ----------
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}, compose: {}}
#                   ^^^^^^^
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
environments:
  prod: {}
  dev: {cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}, targets: {helm: null, compose: {}}}
```
"""

SEVERITY = "error"
