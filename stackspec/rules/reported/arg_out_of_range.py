"""A number that the engine does not allow.

## Why
vLLM's parser takes any number; its configuration refuses those out of range when the engine is made, after the image was pulled and
the process has been started.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {stream_interval: 0}}}
#                                                                                                        ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {stream_interval: 1}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
