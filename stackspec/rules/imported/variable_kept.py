"""A variable that stays text.

## Why
Nothing here says what it holds, and what a spec compiles to does not expand it: the engine would get its name.
`--set NAME=…` says its value.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name --load-format $FORMAT
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "warning"
