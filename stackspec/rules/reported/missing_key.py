"""A section without a key that it needs.

## Why
Some words mean nothing alone: an endpoint needs its URL, a retry its number of attempts. There is no default that would
be right for most stacks.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
models: {hosted: {endpoint: {kind: openai, model: large}}}
#                 ^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
models: {hosted: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
