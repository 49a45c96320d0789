"""A key of the spec that the pinned release of the engine cannot realise.

## Why
Each key becomes the options of exactly the pinned release. Where that release has none for it, nothing can be emitted that the engine
would accept.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.10.2}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", kv_offload: {kind: cpu, size: 8Gi}}}
#                                                                                                              ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", kv_offload: {kind: cpu, size: 8Gi}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
