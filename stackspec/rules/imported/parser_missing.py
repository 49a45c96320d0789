"""Automatic tool choice without a parser.

## Why
vLLM refuses to start so. The spec takes the parser of the model's family.

## Example
```sh
stackspec import vllm -- vllm serve org/name --enable-auto-tool-choice
```
"""

SEVERITY = "warning"
