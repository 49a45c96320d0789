"""A recipe that names too old a release.

## Why
It uses options that the release does not have which it names as its least.

## Example
With the file `recipe.yaml`:

```yaml
meta: {title: Big}
model: {model_id: org/big, min_vllm_version: "0.10.2", base_args: [--attention-backend, FLASHINFER]}
variants: {default: {vram_minimum_gb: 60}}
compatible_strategies: [single_node_tp, pd_cluster]
```

```sh
stackspec import recipe recipe.yaml --hardware h200
```
"""

SEVERITY = "info"
