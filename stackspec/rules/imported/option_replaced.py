"""A dotted option that replaces the whole of another.

## Why
`--x.y 1` beside `--x '{…}'` does not add a field: vLLM keeps only what the dotted words say.

## Example
```sh
stackspec import vllm -- vllm serve org/name --hf-overrides '{"a": 1}' --hf-overrides.b 2
```
"""

SEVERITY = "warning"
