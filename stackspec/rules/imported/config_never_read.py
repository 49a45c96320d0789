"""`--config=FILE`, which is never read.

## Why
vLLM looks for `--config` as a word of its own, with the file behind it. Joined by `=` the file is ignored.

## Example
```sh
stackspec import vllm -- vllm serve org/name --config=config.yaml
```
"""

SEVERITY = "error"
