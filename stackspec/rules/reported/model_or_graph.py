"""A backend that is a model and a graph, or neither.

## Why
A backend is where requests go: one model, or one inference graph. With both nobody can say which of them answers;
several backends with weights share the requests of a route.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat}, {weight: 5}]}
#                                    ^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, next: {model: Qwen/Qwen3-0.6B}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat, weight: 95}, {model: next, weight: 5}]}
targets: {compose: {}}
```
"""

SEVERITY = "error"
