"""The router before prefill and decode.

## Why
A recipe puts a router of its own before the roles. `cluster.serving: llm-d` or `kserve` routes between them.

## Example
With the file `recipe.yaml`:

```yaml
meta: {title: Big}
model: {model_id: org/big, min_vllm_version: "0.30.0", base_args: [--max-num-seqs, "64"]}
variants: {default: {vram_minimum_gb: 60}}
compatible_strategies: [single_node_tp, pd_cluster]
```

```sh
stackspec import recipe recipe.yaml --hardware h200 --strategy pd_cluster
```
"""

SEVERITY = "info"
