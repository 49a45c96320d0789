"""A path from where the command is started.

## Why
The spec keeps the path as the engine gets it. It names no folder above it, for that is a folder of one machine; in a container nothing is
mounted there. Write `file:///…` for a folder of the nodes.

## Example
```sh
stackspec import vllm -- vllm serve ./models/name
```
"""

SEVERITY = "info"
