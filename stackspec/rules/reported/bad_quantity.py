"""A size or a duration that cannot be read.

## Why
Sizes are Kubernetes quantities everywhere: `k M G` are decimal, `Ki Mi Gi` binary, and `GB` is neither. `K` is refused
because half of the world reads it as 1000 and the other half as 1024. A duration has its unit: `300` may be seconds or
milliseconds.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, memory: 24GB}}}
#                                                               ^^^^
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8K, drain: {timeout: "300"}}}
#                                                     ^^                   ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, memory: 24Gi}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8Ki, drain: {timeout: 300s}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
