"""A pool with more nodes at the least than at the most.

## Why
Cloud providers refuse a node group whose minimum is above its maximum.
https://kubernetes.io/docs/concepts/cluster-administration/node-autoscaling/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: {min: 3, max: 2}}}}
#                                                                       ^       -
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: {min: 2, max: 3}}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Pool
from stackspec.rules import rule


@rule("error", on="pools")
def check(pool: Pool) -> Iterator[Finding]:
    """Compare the bounds of a pool."""
    if pool.nodes_min > pool.nodes_max:
        yield Finding(
            f"pool `{pool.name}` has at least {pool.nodes_min} nodes and at most {pool.nodes_max}",
            (*pool.at, "nodes", "min"),
            hint=f"use `{{min: {pool.nodes_max}, max: {pool.nodes_min}}}` if they were swapped",
            because=(Because(f"at most {pool.nodes_max}", (*pool.at, "nodes", "max")),),
        )
