"""A model that runs here, and no node to run it on.

## Why
A pool says which hardware there is. Without one nothing can be said about memory, splits or replicas, and nothing can
be scheduled.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
models: {chat: {model: Qwen/Qwen3-4B}}
#        ^^^^
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

```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
models: {hosted: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}}}
gateway: {kind: envoy, routes: {hosted: {backends: [{model: hosted}]}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
