"""The beginning of several options.

## Why
vLLM's parser refuses a word that may be cut short from more than one option. Write it out.

## Example
```sh
stackspec import vllm -- vllm serve org/name --max-num 4
```
"""

SEVERITY = "error"
