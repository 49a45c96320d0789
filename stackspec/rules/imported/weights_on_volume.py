"""Weights that lie on a volume of the pod.

## Why
The spec names the claim, or the folder of the node, and mounts it where it mounts all of them: the engine is told another path, and clients
see the same names.

## Example
With the file `pod.yaml`:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: chat}
spec:
  volumes: [{name: weights, persistentVolumeClaim: {claimName: shared}}]
  containers:
    - name: vllm
      image: vllm/vllm-openai
      args: [/models/name]
      volumeMounts: [{name: weights, mountPath: /models}]
```

```sh
stackspec import vllm pod.yaml
```
"""

SEVERITY = "info"
