"""A value of a type that the engine does not read there.

## Why
The value becomes a word of a command line or a field of JSON, and vLLM converts it. `1e9` is no whole number there; `8k` (8000) and
`8K` (8192) are read for a few options only; options that take JSON want a mapping or a list, and fields take null only where they
say so. Text that is given as a list or mapping would be read as its JSON, letter by letter.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {max_num_seqs: 1e3}}}
#                                                                                                     ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {max_num_seqs: 1000}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
