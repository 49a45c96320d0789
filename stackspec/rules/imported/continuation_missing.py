r"""An option on a line of its own.

## Why
A comment between continued lines, or a missing backslash, ends the command: what follows is another command, which does not exist.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name \
  # why
  --seed 1
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "warning"
