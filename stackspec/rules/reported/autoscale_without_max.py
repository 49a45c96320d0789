"""An autoscaler without an upper bound.

## Why
Every replica takes accelerators, so a scaler needs a bound that the pool can hold. Without `max` there is none to check, and
nothing to write into the scaler.
https://keda.sh/docs/latest/reference/scaledobject-spec/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 4}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, metric: queue_depth, target: 5}}}
#                                     ^^^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 4}}}
models:
  chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, max: 3, metric: queue_depth, target: 5}}
  other: {model: Qwen/Qwen3-4B, autoscale: {owner: external}}
targets: {helm: {}}
```
"""

SEVERITY = "error"
