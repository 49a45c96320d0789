"""A tokenizer in a place that a spec cannot name.

## Why
A tokenizer lies on the hub or at a path. A path below `~` needs to know whose home that is: `--set HOME=…`.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name --tokenizer ~/tokenizer
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "error"
