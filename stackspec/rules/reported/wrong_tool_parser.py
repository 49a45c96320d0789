"""A tool parser of another family.

## Why
Each family of models writes tool calls in its own way. A parser of another family finds none: the calls arrive as text, and no
client is told. `features` choose the right one where none is named.
https://docs.vllm.ai/en/stable/features/tool_calling/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, features: {tool_calling: {parser: llama3_json}}}}
#                                                                                             ^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, features: {tool_calling: {parser: hermes}}}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
