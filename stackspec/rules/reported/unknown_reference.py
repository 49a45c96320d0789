"""A name that nothing has.

## Why
A reference names a key declared elsewhere in the same environment. A dangling one would surface as a pod that waits for
a secret, or a route that answers 503. An environment that removes an entry with `null` must also remove what refers to
it.

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: compose
  pools: {large: {accelerator: l4}, small: {accelerator: t4}}
models: {chat: {model: Qwen/Qwen3-4B, pool: larg}}
#                                           ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: compose
  pools: {large: {accelerator: l4}, small: {accelerator: t4}}
models: {chat: {model: Qwen/Qwen3-4B, pool: large}, draft: {model: Qwen/Qwen3-0.6B, pool: small}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
