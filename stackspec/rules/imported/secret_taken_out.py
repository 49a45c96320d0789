"""A secret that the spec refers to.

## Why
A literal key or token is not copied: the spec declares where it comes from. Consider the written value disclosed.

## Example
```sh
stackspec import vllm -- vllm serve org/name --api-key secret
```
"""

SEVERITY = "info"
