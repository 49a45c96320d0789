"""Replicas that find no free GPU on the machine.

## Why
Under Compose every replica is given GPUs of its own by number. Two engines on one GPU that is not shared both take most
of its memory, and the second to start fails.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 1}}}
#                                                                      -
models:
  chat: {model: Qwen/Qwen3-4B}
  draft: {model: Qwen/Qwen3-0.6B}
# ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 1, sharing: {kind: time_slicing, replicas: 2}}}}
models:
  chat: {model: Qwen/Qwen3-1.7B, context_length: 4096}
  draft: {model: Qwen/Qwen3-0.6B, context_length: 4096}
targets: {compose: {}}
```
"""

SEVERITY = "error"
