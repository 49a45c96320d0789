"""A secret written into the spec.

## Why
A spec is committed, reviewed, copied into generated files and logs. A key that stands in it is known to everybody who
can read any of them, and stays in the history after it is removed. Declare under `secrets` where it is kept, and say
`{secret: name}`. The value itself is never printed, in any format; a comment cannot silence this finding.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, env: {VLLM_API_KEY: not-a-real-key-4711}}}
#                                                         ^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, env: {VLLM_API_KEY: {secret: vllm-key}}}}
secrets: {vllm-key: {kind: env, name: VLLM_API_KEY}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
