"""An option whose value looks like a secret.

## Why
Its value is neither copied nor shown. Pass it by a variable of the environment that is declared under `secrets`.

## Example
```sh
stackspec import vllm -- vllm serve org/name --load-format hf_abcdefghijklmnopqrstuvwxyzabcdefgh
```
"""

SEVERITY = "error"
