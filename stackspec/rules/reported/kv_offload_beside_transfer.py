"""A KV cache that is both offloaded and handed over.

## Why
A vLLM process has one KV connector. The roles of a disaggregated model use it for the transfer from prefill to decode,
so nothing is left for offloading.

Not shown: it takes a serving mode that routes roles; see tests/engines/test_vllm.py.

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
