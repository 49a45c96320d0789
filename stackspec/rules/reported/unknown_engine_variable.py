"""A variable of vLLM that this release does not read.

## Why
Nothing is refused: the setting is silently without effect, and vLLM only logs a warning (with `fail_on_environ_validation: true`
it does not start, and this is an error). Only names that begin with `VLLM_` are judged, by the table of the release and a short list
of what its sources and the plug-ins of other hardware read beside it.
https://docs.vllm.ai/en/stable/configuration/env_vars/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", env: {VLLM_LOGGING_LEVL: DEBUG}}}
#                                                                                      ^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", env: {VLLM_LOGGING_LEVEL: DEBUG}}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
