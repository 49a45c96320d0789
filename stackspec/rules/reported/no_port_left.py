"""A port above the highest that there is.

## Why
Where no gateway is in front, each model is published on a port of this machine, one for each replica, from its own port
upwards. Ports end at 65535.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B, port: 65535, replicas: 2}}
#        ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B, port: 8000, replicas: 2}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
