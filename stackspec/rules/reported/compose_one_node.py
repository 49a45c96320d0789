"""More than one machine under Compose.

## Why
Compose runs everything on the machine that it is started on. A pool of several nodes, or a replica that spans two of
them, needs an orchestrator that knows about machines.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, nodes: 2}}}
#                                                              ^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B, replicas: 2}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
