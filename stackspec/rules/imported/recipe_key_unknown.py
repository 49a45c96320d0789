"""A key that the format of recipes does not know.

## Why
It is left out. The format is described in vllm-project/recipes.

## Example
With the file `recipe.yaml`:

```yaml
meta: {title: Big}
model: {model_id: org/big, min_vllm_version: "0.30.0", base_args: [--max-num-seqs, "64"]}
variants: {default: {vram_minimum_gb: 60}}
compatible_strategies: [single_node_tp, pd_cluster]
flavour: sweet
```

```sh
stackspec import recipe recipe.yaml --hardware h200
```
"""

SEVERITY = "warning"
