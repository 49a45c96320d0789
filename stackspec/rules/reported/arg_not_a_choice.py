"""A word that an option of the engine does not take.

## Why
vLLM's parser refuses words that it does not list, and so do the settings that its JSON options become. Which words there are
changes from release to release: the message says when another release has this one.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {scheduling_policy: lifo}}}
#                                                                                                          ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {scheduling_policy: priority}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
