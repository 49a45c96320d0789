"""An adapter that is neither `name=path` nor JSON with both.

## Why
vLLM refuses to start with it. Name it, or remove it.

## Example
```sh
stackspec import vllm -- vllm serve org/name --enable-lora --lora-modules org/a
```
"""

SEVERITY = "error"
