"""An option, or a field of one, that this release of the engine has not yet, or no longer.

## Why
Options come, move and vanish with each release of vLLM; one that is not there ends the start. The message says since when, the hint
what to write instead. Where the new spelling is mechanical, `stackspec lint --fix` writes it, and `stackspec upgrade` rewrites a
whole project for another release.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {cuda_graph_sizes: [1, 2, 4]}}}
#                                                                                       ^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {cudagraph_capture_sizes: [1, 2, 4]}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
