"""A `model` that names no source of weights.

## Why
Weights come from a hub (`org/name`), a bucket (`s3://…`), a registry (`oci://…`), a claim (`pvc://…`) or a folder
(`file:///…`). The short names of other tools, such as `llama3:8b`, name no file that an engine could load.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "llama3:8b"}}
#                      ^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c}}
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "s3://models/qwen3-4b/", facts: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
