"""A package that a recipe installs beside the engine.

## Why
Put it into an image of your own, and name that under `engines`.

## Example
With the file `recipe.yaml`:

```yaml
meta: {title: Big}
model: {model_id: org/big, min_vllm_version: "0.30.0", base_args: [--max-num-seqs, "64"]}
variants: {default: {vram_minimum_gb: 60}}
compatible_strategies: [single_node_tp, pd_cluster]
dependencies: [{command: pip install flash-thing}]
```

```sh
stackspec import recipe recipe.yaml --hardware h200
```
"""

SEVERITY = "info"
