"""Aliases that unfold into a giant document.

## Why
Nine aliases of nine aliases, a few levels deep, turn one kilobyte into gigabytes. Aliases are allowed, and counted.

## Bad
```yaml
stackspec: v1
x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
x-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
x-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
x-e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
x-f: [*e, *e]
#     ^^
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: &gpu {accelerator: l4}, spare: *gpu}}
models: {chat: {model: Qwen/Qwen3-4B, pool: gpu}, draft: {model: Qwen/Qwen3-0.6B, pool: spare}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
