"""A variable where the spec needs a value.

## Why
A model, or a number, in a variable of whoever starts the script: `--set NAME=…` says its value.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name -tp $TP
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "error"
