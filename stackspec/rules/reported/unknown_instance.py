"""A machine type that the catalog does not know.

## Why
The catalog holds the common machine types of each cloud. For others the number of accelerators, CPUs and memory cannot
be looked up; what the pool itself says is used, and the checks that would need the rest stay silent.

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  provider: aws
  pools: {gpu: {accelerator: l4, instance: g6.13xlarge, gpus_per_node: 4}}
#                                          ^^^^^^^^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {kubernetes: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  provider: aws
  pools: {gpu: {accelerator: l4, instance: g6.12xlarge}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {kubernetes: {}}
```
"""

SEVERITY = "info"
