"""A reasoning parser of another family.

## Why
Families mark their reasoning in their own ways. A parser of another family leaves it in the answer, or takes the answer for
reasoning. `features` choose the right one where none is named.
https://docs.vllm.ai/en/stable/features/reasoning_outputs/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, features: {reasoning: {parser: gemma4}}}}
#                                                                                          ^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, features: {reasoning: {parser: qwen3}}}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
