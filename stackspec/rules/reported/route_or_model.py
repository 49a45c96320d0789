"""A caller of a route and of a model.

## Why
An agent or app calls one thing: a route through the gateway, or a model where there is no gateway. With both the model
would silently never be called.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, draft: {model: Qwen/Qwen3-0.6B}}
gateway: {kind: envoy, routes: {assistant: {backends: [{model: chat}]}}}
agents: {support: {framework: langgraph, route: assistant, model: draft}}
#        ^^^^^^^                                ---------         -----
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway: {kind: envoy, routes: {assistant: {backends: [{model: chat}]}}}
agents: {support: {framework: langgraph, route: assistant}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
