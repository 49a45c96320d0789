"""A release of an engine that the catalog does not know.

## Why
Flags appear, move and vanish with each release. One that the catalog lacks, because it is newer than this compiler or because
it was never published, is judged by the nearest older release; what is said about its flags may be wrong, and an image of that
version may not exist.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: "0.33"}}
#                         ^^^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
