"""Tools to be called, through a parser that nobody named.

## Why
Each family of models writes tool calls in its own way, and the engine refuses requests with tools unless it is started
with the parser of that family. The catalog knows the parsers of the families it knows; for others, name one.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: acme/chat, features: {tool_calling: true}}}
#                                                          ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: acme/chat, features: {tool_calling: {parser: hermes}}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
