"""An adapter in a place that a spec cannot name.

## Why
An adapter lies on the hub, on a claim, or at a path. A path below `~` needs to know whose home that is: `--set HOME=…`.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name --enable-lora --lora-modules a=~/adapters/a
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "error"
