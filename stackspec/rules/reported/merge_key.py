"""The merge key `<<`.

## Why
`<<` is not part of YAML 1.2, and readers disagree on which side wins. Deriving one entry from another is what `extends`
is for: it merges deeply, `null` removes what is inherited, and a finding still points at the line that is at fault.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: &chat {model: Qwen/Qwen3-4B, context_length: 8192}
  long: {<<: *chat, context_length: 16384}
#        ^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192}
  long: {extends: chat, context_length: 16384}
targets: {compose: {}}
```
"""

SEVERITY = "error"
