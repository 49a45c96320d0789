"""How a container is run.

## Why
Ports that are published under another number, users, networks and limits of one machine are no part of a spec: each target gives its own.

## Example
```sh
stackspec import vllm -- docker run -p 80:8000 --user 1000 vllm/vllm-openai org/name
```
"""

SEVERITY = "info"
