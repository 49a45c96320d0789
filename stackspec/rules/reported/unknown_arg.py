"""An option that the engine does not have.

## Why
vLLM ends with "unrecognized arguments" after a quarter of a minute, or, where the value is `false` or an empty list, says nothing
at all and runs without it. The beginning of a name is taken for the whole (`max-num-s`) until a release has another option that
begins so: write it out.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {max_nun_seqs: 64}}}
#                                                                                       ^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {max_num_seqs: 64}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
