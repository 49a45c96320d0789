"""An accelerator that the catalog does not know.

## Why
Memory, compute capability and interconnect of the accelerator decide whether a model fits and starts. Hardware that is
not in the catalog is described once under `cluster.accelerators`.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-96gb}}}
#                                                   ^^^^^^^^^^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: compose
  pools: {gpu: {accelerator: h100-sxm-80gb}, lab: {accelerator: our-card}}
  accelerators: {our-card: {vendor: nvidia, memory: 24Gi, compute_capability: "8.9"}}
models: {chat: {model: Qwen/Qwen3-4B, pool: gpu}, draft: {model: Qwen/Qwen3-0.6B, pool: lab}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
