"""Accelerator memory of which the whole is not known.

## Why
Engines take a share of the accelerator, between 0 and 1. Bytes become one by what the accelerator has, as the engine sees it: the catalog
knows that of its own accelerators, and the spec says it of others.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: compose
  accelerators: {ours: {vendor: nvidia}}
  pools: {gpu: {accelerator: ours}}
#                            ----
models: {chat: {model: Qwen/Qwen3-4B, gpu_memory: 16Gi, context_length: 8192}}
#                                                 ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: compose
  accelerators: {ours: {vendor: nvidia, memory: 47Gi}}
  pools: {gpu: {accelerator: ours}}
models: {chat: {model: Qwen/Qwen3-4B, gpu_memory: 16Gi, context_length: 8192}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
