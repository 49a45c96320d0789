"""A switch that is given a value.

## Why
A switch is on where it stands. vLLM's parser refuses `--enforce-eager=true`.

## Example
```sh
stackspec import vllm -- vllm serve org/name --enforce-eager=true
```
"""

SEVERITY = "error"
