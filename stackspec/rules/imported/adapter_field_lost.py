"""A field of an adapter that a spec has no word for.

## Why
A field such as `base_model_name` only changes what `/v1/models` tells about the adapter. It is left out.

## Example
```sh
stackspec import vllm -- vllm serve org/name --enable-lora --lora-modules '{"name": "a", "path": "org/a", "base_model_name": "b"}'
```
"""

SEVERITY = "warning"
