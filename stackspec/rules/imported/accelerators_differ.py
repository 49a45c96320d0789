"""Pods that ask for different accelerators.

## Why
An imported spec has one pool. Where labels name several accelerators, only the first is in it: write a pool for each.

## Example
With the file `pods.yaml`:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: one}
spec:
  nodeSelector: {nvidia.com/gpu.product: NVIDIA-L4}
  containers: [{name: vllm, image: vllm/vllm-openai, args: [org/one]}]
---
apiVersion: v1
kind: Pod
metadata: {name: two}
spec:
  nodeSelector: {nvidia.com/gpu.product: NVIDIA-A10}
  containers: [{name: vllm, image: vllm/vllm-openai, args: [org/two]}]
```

```sh
stackspec import vllm pods.yaml
```
"""

SEVERITY = "warning"
