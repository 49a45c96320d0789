"""A served name that no client could send.

## Why
Names that the engine answers to are letters, digits and `._/:@-`.

## Example
```sh
stackspec import vllm -- vllm serve org/name --served-model-name 'my model'
```
"""

SEVERITY = "error"
