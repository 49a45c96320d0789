"""Accelerator memory that is given twice.

## Why
`gpu_memory` becomes a share of the accelerator, and `gpu_memory_utilization` is one: the engine takes a single number.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, gpu_memory: 16Gi, gpu_memory_utilization: 0.9, context_length: 8192}}
#                                     ^^^^^^^^^^                                ---
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, gpu_memory: 16Gi, context_length: 8192}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
