"""A name that exists, and is something else.

## Why
Every reference has a kind: `pool` names a pool, `embed: {model: …}` a model whose task is to embed. A chat model that
is asked for vectors answers with an error, at the first document.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
#        ----
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    embed: {model: chat}
#                  ^^^^
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}, spare: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, pool: chat}}
#        ----                               ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    embed: {model: embed}
targets: {compose: {}}
```
"""

SEVERITY = "error"
