"""A node without ranks.

## Why
`--data-parallel-size-local 0` makes a node that only hands requests on. Each node of a replica in a spec runs as many ranks as the others.

## Example
```sh
stackspec import vllm -- vllm serve org/name --data-parallel-size 2 --data-parallel-size-local 0
```
"""

SEVERITY = "error"
