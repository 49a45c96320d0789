"""Reasoning to be set apart, by a parser that nobody named.

## Why
Each family of models marks its reasoning in its own way, and the engine needs the parser of that family. The catalog
knows the parsers of the families it knows; for others, name one.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: acme/chat, features: {reasoning: true}}}
#                                                       ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: acme/chat, features: {reasoning: {parser: deepseek_r1}}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
