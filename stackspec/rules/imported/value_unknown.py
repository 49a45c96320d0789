"""A value that the language does not know.

## Why
The option becomes a key of the spec, whose values are listed; this one is not among them.

## Example
```sh
stackspec import vllm -- vllm serve org/name --dtype int3
```
"""

SEVERITY = "error"
