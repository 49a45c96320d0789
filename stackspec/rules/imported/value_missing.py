"""An option without its value.

## Why
The command is cut off there.

## Example
```sh
stackspec import vllm -- vllm serve org/name --seed
```
"""

SEVERITY = "error"
