"""A model that is run here and elsewhere, or nowhere.

## Why
`model` names weights that this stack serves, `endpoint` a service that somebody else runs. With both nobody can say
where a request goes, with neither there is nothing that could answer. It often follows from an overlay that adds one
and does not remove the other.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
# ^^^^
    model: Qwen/Qwen3-4B
#          -------------
    endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}
#   --------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B}
  hosted: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}}
targets: {compose: {}}
environments:
  dev: {models: {chat: {model: null, endpoint: {kind: openai, url: "https://llm.example.com/v1", model: small}}}}
  prod: {}
```
"""

SEVERITY = "error"
