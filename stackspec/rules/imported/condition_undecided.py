"""An option that is added under a condition.

## Why
Nothing is run, so nothing decides the condition: the spec has the command without what stands under it.

## Example
With the file `serve.sh`:

```sh
ARGS=(--seed 1)
if [ -n "$EAGER" ]; then ARGS+=(--enforce-eager); fi
vllm serve org/name "${ARGS[@]}"
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "warning"
