"""Fields of a manifest that are not carried over.

## Why
Probes, rollout and time-outs are derived, and what a cluster needs beyond that is no part of a model. Each field is named with its line.

## Example
With the file `pod.yaml`:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: chat}
spec:
  serviceAccountName: llm
  containers: [{name: vllm, image: vllm/vllm-openai, args: [org/name]}]
```

```sh
stackspec import vllm pod.yaml
```
"""

SEVERITY = "info"
