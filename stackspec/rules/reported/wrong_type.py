"""A value of the wrong type.

## Why
A text is never taken for a number or a list for a text, because every program that reads the output would convert it in
its own way. Only `true` and `false` are booleans: `yes`, `no`, `on` and `off` are texts in YAML 1.2.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, features: {prefix_caching: yes}}}
#                                                                ^^^
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: "1"}}}
#                                                                      ^^^
models: {chat: {model: Qwen/Qwen3-4B, served_names: qwen}}
#                                                   ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 1}}}
models: {chat: {model: Qwen/Qwen3-4B, served_names: [qwen], features: {prefix_caching: true}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
