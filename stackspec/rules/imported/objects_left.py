"""Objects of a manifest beside the workloads.

## Why
Services, claims and routes are what a spec compiles to; secrets are referred to and never copied.

## Example
With the file `chat.yaml`:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: chat}
spec: {containers: [{name: vllm, image: vllm/vllm-openai, args: [org/name]}]}
---
apiVersion: v1
kind: Service
metadata: {name: chat}
spec: {ports: [{port: 80}]}
```

```sh
stackspec import vllm chat.yaml
```
"""

SEVERITY = "info"
