"""A store that does not start without a password.

## Why
The image of some stores refuses to start where no password is given, so that nobody runs an open database by accident.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
retrieval:
  handbook:
    framework: haystack
    store: {kind: pgvector}
#   ^^^^^
    embed: {model: embed}
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
    store: {kind: pgvector, secret: store-password}
    embed: {model: embed}
secrets: {store-password: {kind: env, name: STORE_PASSWORD}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
