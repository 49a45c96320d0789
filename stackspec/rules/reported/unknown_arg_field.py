"""A field that a nested setting of the engine does not have.

## Why
Options such as `speculative_config`, `compilation_config` or `kv_transfer_config` take mappings, and newer releases refuse fields
that they do not know. What is handed on as it is, such as `hf_overrides`, `additional_config` or `kv_connector_extra_config`, is
never judged.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {compilation_config: {cudagraph_modus: FULL}}}}
#                                                                                                            ^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {compilation_config: {cudagraph_mode: FULL}}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
