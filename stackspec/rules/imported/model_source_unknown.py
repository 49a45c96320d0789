"""A model in a place that a spec cannot name.

## Why
Weights come from the hub, a bucket, a claim or a path. A path below `~` needs to know whose home that is: `--set HOME=…`.

## Example
With the file `serve.sh`:

```sh
vllm serve ~/models/name
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "error"
