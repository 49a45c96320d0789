"""A variable whose secret is in a file.

## Why
Compose puts the content of a file into a container as a file, not as a variable. Many images read the file that
`NAME_FILE` names instead of the variable `NAME`; one that does not starts without the secret.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, env: {VLLM_API_KEY: {secret: vllm-key}}}}
#                                                                  ^^^^^^^^
secrets: {vllm-key: {kind: file, path: secrets/vllm-key}}
#                          ----
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

SEVERITY = "warning"
