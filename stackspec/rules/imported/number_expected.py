"""A word where a number is needed.

## Why
The option becomes a key of the spec that holds a number, and this is none.

## Example
```sh
stackspec import vllm -- vllm serve org/name -tp two
```
"""

SEVERITY = "error"
