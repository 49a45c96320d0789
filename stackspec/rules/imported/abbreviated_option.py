"""An option that is cut short.

## Why
vLLM's parser takes the beginning of an option where only one begins so. A later release may add a second one, and then refuses the
command; the spec has the whole name.

## Example
```sh
stackspec import vllm -- vllm serve org/name --max-model 4096
```
"""

SEVERITY = "info"
