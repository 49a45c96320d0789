"""A release older than the recipe asks for.

## Why
The recipe names the least release that it was tried with.

## Example
With the file `recipe.yaml`:

```yaml
meta: {title: Big}
model: {model_id: org/big, min_vllm_version: "0.30.0", base_args: [--max-num-seqs, "64"]}
variants: {default: {vram_minimum_gb: 60}}
compatible_strategies: [single_node_tp, pd_cluster]
```

```sh
stackspec import recipe recipe.yaml --hardware h200 --engine vllm==0.12.0
```
"""

SEVERITY = "warning"
