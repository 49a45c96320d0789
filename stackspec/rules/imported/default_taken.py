"""A variable whose default is in the spec.

## Why
`${NAME:-value}` leaves a choice to whoever starts it. The spec has the default; `--set NAME=…` says another one.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name --port ${PORT:-8000}
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "info"
