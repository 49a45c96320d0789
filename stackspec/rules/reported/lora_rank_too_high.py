"""An adapter of a rank that the engine does not serve.

## Why
vLLM reserves memory for one of a few ranks, and the highest of a release is the most that any adapter may have.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", adapters: {de: {model: acme/de-lora, rank: 1024}}}}
#                                                                                                                           ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", adapters: {de: {model: acme/de-lora, rank: 16}}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
