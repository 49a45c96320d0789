"""A pinned revision that a mirror cannot keep.

## Why
A bucket or a folder that stands in for the hub holds one copy of each model. The revision that the spec pins is not part of its
path, so nothing checks that the copy is of that commit: whoever fills the mirror must see to it.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c}}
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
mirrors: {huggingface.co: "s3://models"}
#                         -------------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c}}
mirrors: {huggingface.co: "https://hub.corp.example"}
targets: {compose: {}}
```
"""

SEVERITY = "info"
