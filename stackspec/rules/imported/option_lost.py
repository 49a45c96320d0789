"""An option whose name `args` cannot hold.

## Why
Names in `args` are letters, digits, `.`, `_` and `-`, beginning with a letter.

## Example
```sh
stackspec import vllm -- vllm serve org/name --ä=1
```
"""

SEVERITY = "error"
