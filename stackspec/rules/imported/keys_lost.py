"""Several API keys.

## Why
The engine reads one key from its environment. Give each consumer a key of its own at a gateway.

## Example
```sh
stackspec import vllm -- vllm serve org/name --api-key one two
```
"""

SEVERITY = "error"
