"""An adapter whose rank in the spec is not the one of its weights.

## Why
The engine reserves room for the ranks that it is told of, and refuses an adapter of a higher rank when it loads it; a rank that is
written too high takes memory for nothing. `stackspec lock` reads the rank in the adapter's `adapter_config.json`.
https://docs.vllm.ai/en/stable/features/lora/

## Bad
With the file `stackspec.lock`:

```yaml
schema: stackspec/lock/1
models:
  acme/de-lora:
    commit: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
    kind: adapter
    specs: [stack.yaml]
    rank: 64
  Qwen/Qwen3-4B:
    commit: "1cfa9a7208912126459214e8b04321603b3df60c"
    kind: model
    specs: [stack.yaml]
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, adapters: {de: {model: acme/de-lora, rank: 16}}}
#                                                                           ------------        ^^
targets: {compose: {}}
```

## Good
With the file `stackspec.lock`:

```yaml
schema: stackspec/lock/1
models:
  acme/de-lora:
    commit: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
    kind: adapter
    specs: [stack.yaml]
    rank: 64
  Qwen/Qwen3-4B:
    commit: "1cfa9a7208912126459214e8b04321603b3df60c"
    kind: model
    specs: [stack.yaml]
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, adapters: {de: {model: acme/de-lora}}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
