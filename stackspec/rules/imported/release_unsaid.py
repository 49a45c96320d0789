"""A release that nobody named.

## Why
Options are read as one release reads them. Without an image's tag, a pinned package or `--engine` it is the newest that is known.

## Example
```sh
stackspec import vllm -- vllm serve org/name
```
"""

SEVERITY = "info"
