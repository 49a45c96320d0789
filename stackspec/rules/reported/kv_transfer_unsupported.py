"""A transfer of the KV cache that the engine has no connector for.

## Why
Prefill and decode hand over the KV cache through a connector that knows both roles: `nixl` and `mooncake` do.

Not shown: it takes a serving mode that routes roles; see tests/engines/test_vllm.py.

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", context_length: 8192}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
