"""Adapters without `--enable-lora`.

## Why
vLLM refuses adapters, and ignores the room for them, while LoRA is off. Adapters turn it on in the spec; room without adapters is
left out.

## Example
```sh
stackspec import vllm -- vllm serve org/name --max-loras 2
```
"""

SEVERITY = "info"
