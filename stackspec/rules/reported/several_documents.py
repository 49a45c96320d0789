"""A file with several YAML documents.

## Why
A spec is one document that describes one stack. Readers of YAML that take only the first document would drop the rest
without a word. Variants of one stack are `environments`; another stack is another file.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
---
#^^
stackspec: v1
name: other
```

## Good
```yaml
---
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
