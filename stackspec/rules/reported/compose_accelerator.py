"""Accelerators that Compose cannot hand to a container.

## Why
Compose reserves devices by vendor, and knows NVIDIA's and AMD's. Other accelerators reach a container through a device
plug-in of Kubernetes, or a plain process that finds them itself.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {tpu: {accelerator: tpu-v6e}}}
#                                                   ^^^^^^^
engines: {vllm: {version: 0.33.0, image: "vllm/vllm-tpu:v0.33.0"}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
