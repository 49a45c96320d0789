"""A rank that is a server of its own.

## Why
`--data-parallel-rank` makes each rank a server behind a balancer of one's own. The spec starts all ranks of a replica behind one address;
replicas behind a gateway are the other way to say it.

## Example
```sh
stackspec import vllm -- vllm serve org/name --data-parallel-size 2 --data-parallel-rank 1
```
"""

SEVERITY = "warning"
