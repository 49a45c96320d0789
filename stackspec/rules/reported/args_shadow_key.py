"""A flag in `args` that has a key of its own.

## Why
The checks, the memory estimate and every target read the key. A flag behind their back wins at the engine, and all of them are then
about something else. Parsers of tool calls and reasoning belong under `features`, which sets all switches that go with them.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, args: {max_model_len: 8192}}}
#                                            ^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {max_num_seqs: 64}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
