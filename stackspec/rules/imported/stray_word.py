"""A word that belongs to no option.

## Why
vLLM's parser refuses it, or takes it for the model. Quote it with the word before it, or remove it.

## Example
```sh
stackspec import vllm -- vllm serve org/name more
```
"""

SEVERITY = "error"
