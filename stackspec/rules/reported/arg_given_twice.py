"""A flag that `args` gives twice.

## Why
`args` takes dotted keys and nested maps, dashes and underscores, and a flag and its negation; all of them are one flag to the
engine. Which of two values would win is nothing that a reader should have to know.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, args: {max_num_seqs: 64, max-num-seqs: 128}}}
#                                                          --  ^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, args: {max_num_seqs: 128}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
