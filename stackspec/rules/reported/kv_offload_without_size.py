"""A KV cache offloaded without room for it.

## Why
vLLM offloads nothing unless it is told how much memory it may take.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", kv_offload: {kind: cpu}}}
#                                                                                ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", kv_offload: {kind: cpu, size: 16Gi}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
