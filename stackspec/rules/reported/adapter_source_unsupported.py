"""An adapter in a place that the engine does not load adapters from.

## Why
vLLM streams the weights of a model from a bucket, but an adapter only from the hub or from a path.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", adapters: {de: {model: "s3://loras/de"}}}}
#                                                                                                       ^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", adapters: {de: {model: "pvc://loras/de", rank: 16}}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
