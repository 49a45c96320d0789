"""Tasks of a recipe that are launched on their own.

## Why
vLLM-Omni serves one launch for each task. Tasks that differ are further models: `--task all` imports all of them.

## Example
With the file `recipe.yaml`:

```yaml
meta: {title: Painter, tasks: [omni]}
model: {model_id: org/painter}
variants: {default: {}}
omni: {tasks: [t2i, {id: i2i, model_id: org/editor}]}
```

```sh
stackspec import recipe recipe.yaml --hardware h200 --task t2i
```
"""

SEVERITY = "info"
