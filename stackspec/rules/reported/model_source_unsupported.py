"""Weights in a place that the engine does not load them from.

## Why
vLLM loads weights from the hub, from a bucket (`s3://`, `gs://`, `az://`), from a claim (`pvc://`) or from a path. It
does not unpack images of a registry.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "oci://ghcr.io/acme/chat@sha256:0000000000000000000000000000000000000000000000000000000000000000"}}
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "s3://models/chat/", facts: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
