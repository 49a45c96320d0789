"""A token for gated weights.

## Why
Where the command ran somebody had logged in. The spec names a token, without which the hub would refuse.

## Example
```sh
stackspec import vllm -- vllm serve meta-llama/Llama-3.1-8B-Instruct
```
"""

SEVERITY = "info"
