"""A model that the catalog has no facts about.

## Why
Heads, layers, experts and the longest context of a model are facts of the catalog or of `stackspec.lock`. Without them
the checks that need them stay silent instead of guessing. `facts` may name a model of the same architecture, for
fine-tuned weights for example.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: acme/qwen3-4b-support}}
#                      ^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: acme/qwen3-4b-support, facts: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "info"
