"""One process that asks for more accelerators than a node has.

## Why
Several nodes that are joined by Ray look so. Say how many a node has, and the compiler joins the nodes by itself.

## Example
```sh
stackspec import vllm -- vllm serve org/name -tp 16
```
"""

SEVERITY = "warning"
