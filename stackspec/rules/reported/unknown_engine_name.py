"""A name that the engine has not registered: of a parser, a quantization method, a backend or a connector.

## Why
vLLM's parser takes any text here. The name is looked up when the engine starts, sometimes only after the weights are loaded, or at
the first request. Names come and go with releases; plug-ins register more, so that where an option that loads one is given
(`tool_parser_plugin`, `kv_connector_module_path`) nothing is said, and under an image of your own it is a warning.
https://docs.vllm.ai/en/stable/features/tool_calling/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {load_format: safetensor}}}
#                                                                                                    ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {load_format: safetensors}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
