"""A number outside of what is possible.

## Why
Shares end at 1, counts begin at 1. A percentage written as `90` where a share is meant would ask for ninety times the
memory.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, gpu_memory_utilization: 90}}
#                                                             ^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, gpu_memory_utilization: 0.9}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
