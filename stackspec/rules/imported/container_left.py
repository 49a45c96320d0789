"""A container or service that does not run vLLM.

## Why
What starts vLLM becomes a model. A proxy, a database or a worker of Ray beside it is named and left out.

## Example
With the file `compose.yaml`:

```yaml
services:
  chat: {image: vllm/vllm-openai, command: [org/name]}
  db: {image: "postgres:17"}
```

```sh
stackspec import vllm compose.yaml
```
"""

SEVERITY = "info"
