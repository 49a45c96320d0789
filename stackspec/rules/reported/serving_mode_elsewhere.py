"""A serving mode that this kind of cluster does not have.

## Why
A serving mode owns the processes of a model and decides their addresses. It exists under certain kinds of cluster only; where an
environment changes the kind, an inherited mode has to go.
https://kubernetes.io/docs/concepts/workloads/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, serving: compose, pools: {gpu: {accelerator: l4}}}
#               ----------           ^^^^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```
"""

SEVERITY = "error"
