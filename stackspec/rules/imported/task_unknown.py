"""A task that a spec has no word for.

## Why
A spec knows generate, embed, rerank and classify.

## Example
```sh
stackspec import vllm --engine vllm==0.10.2 -- vllm serve org/name --task reward
```
"""

SEVERITY = "error"
