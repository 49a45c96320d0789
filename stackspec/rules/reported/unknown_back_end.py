"""An engine, gateway, store or target that does not exist.

## Why
These words are open: an installed package may add one. A word that neither the language nor any installed package knows
is a misspelling, and nothing would be written for it.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compoze: {}}
#         ^^^^^^^
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
models: {hosted: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}}}
gateway: {kind: ngnix, routes: {hosted: {backends: [{model: hosted}]}}}
#               ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway: {kind: nginx, routes: {chat: {backends: [{model: chat}]}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
