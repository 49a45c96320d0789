"""A former name that still belongs to somebody.

## Why
`renamed_from` lets the resources of the old name live on under the new one. Where the old name still exists, or two entries claim
it, the same resources would belong to two.
https://www.pulumi.com/docs/iac/concepts/options/aliases/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192}
# ----
  assistant: {model: Qwen/Qwen3-8B, renamed_from: chat, context_length: 8192}
#                                                 ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  assistant: {model: Qwen/Qwen3-8B, renamed_from: chat, context_length: 8192}
targets: {compose: {}}
```
"""

SEVERITY = "error"
