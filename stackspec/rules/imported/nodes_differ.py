"""Nodes of one replica that are started differently.

## Why
A replica has one set of options. Those of its first node are in the spec, and all nodes get them.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name -tp 16 --nnodes 2 --node-rank 0 --seed 1
vllm serve org/name -tp 16 --nnodes 2 --node-rank 1 --headless --seed 2
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "warning"
