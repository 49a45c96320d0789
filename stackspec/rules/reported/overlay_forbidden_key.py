"""A key of the whole stack inside an environment.

## Why
The language, the compiler it needs and the identity of the stack are the same in every environment: resources are named
by them, and two identities would be two stacks.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
environments:
  dev: {name: demo-dev}
#             ^^^^^^^^
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
environments:
  dev: {models: {chat: {context_length: 4096}}}
```
"""

SEVERITY = "error"
