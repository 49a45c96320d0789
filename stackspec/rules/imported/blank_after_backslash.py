"""A line that only looks continued.

## Why
For a shell, a blank after a backslash ends the command there: what follows is not part of it. The spec has the whole command, for that
is what somebody meant.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name \\\x20
  --seed 1
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "warning"
