"""A command that serves vLLM's own default model.

## Why
Where no word names a model vLLM serves a small one of its own, which is rarely meant.

## Example
```sh
stackspec import vllm -- vllm serve --config=config.yaml
```
"""

SEVERITY = "warning"
