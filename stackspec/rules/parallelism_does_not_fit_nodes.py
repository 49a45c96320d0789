"""A replica whose ranks do not fill the nodes of its pool.

## Why
One replica takes tensor × pipeline × data accelerators. They stand on whole nodes with the same number on each, whole data ranks
on one node, and on no more nodes than the pool may have; otherwise the engine refuses to start or pods wait forever.
https://docs.vllm.ai/en/stable/serving/parallelism_scaling/
https://docs.vllm.ai/en/stable/serving/data_parallel_deployment/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4, nodes: 1}}}
#                                                                                              -
models: {chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 4, pipeline: 2}}}
#                                      ^^^^^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4, nodes: 2}}}
models: {chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 4, pipeline: 2}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Group, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_ONE_MACHINE = "compose"
"""A serving mode that has no further nodes, and says so itself."""


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Lay out one replica of each group on the nodes of its pool."""
    for group, at in apart(model, lambda group: (group.parallelism, group.pool)):
        if group.pool.accelerator is not None and group.pool.sharing.kind == "none":
            finding = _local(group, (*at, "parallelism"))
            if finding is None and model.serving != _ONE_MACHINE:
                finding = _layout(group, (*at, "parallelism"))
            if finding is not None:
                yield finding


def _local(group: Group, at: Path) -> Finding | None:
    """Return what is wrong with `data_local`: as many data ranks on each node."""
    split, pool = group.parallelism, group.pool
    local = split.data_local
    if local is None:
        return None
    if split.data % local:
        why = f"{local} data ranks on each node do not add up to {split.data}"
        return Finding(why, (*at, "data_local"), hint=f"use {_divisors(split.data, pool.gpus_per_node)}")
    wanted = local * split.tensor * split.pipeline
    if wanted > pool.gpus_per_node:
        sum_ = f"{local} data ranks × {split.tensor * split.pipeline} = {wanted}" if wanted != local else f"{local} data ranks"
        return Finding(
            f"{sum_} accelerators on each node, and nodes of pool `{pool.name}` have {pool.gpus_per_node}",
            (*at, "data_local"),
            because=(Because(f"{pool.gpus_per_node} accelerators a node", (*pool.at, "gpus_per_node")),),
        )
    return None


def _layout(group: Group, at: Path) -> Finding | None:
    """Return what is wrong with the ranks over nodes."""
    split, pool, nodes = group.parallelism, group.pool, group.nodes
    if nodes < 2:
        return None
    names = {"tensor": split.tensor, "pipeline": split.pipeline, "data": split.data}
    product = " × ".join(f"{name} {size}" for name, size in names.items() if size > 1)
    ranks = f"{split.ranks} accelerators ({product})"
    because = (Because(f"{pool.gpus_per_node} accelerators a node", (*pool.at, "gpus_per_node")),)
    if nodes > pool.nodes_max:
        return Finding(
            f"one replica needs {ranks} on {nodes} nodes of {pool.gpus_per_node}, and pool `{pool.name}` has at most {pool.nodes_max}",
            at, hint=f"allow {nodes} nodes, or split less", because=(Because(f"at most {pool.nodes_max}", (*pool.at, "nodes")),), on="key",
        )  # fmt: skip
    if split.ranks % nodes:
        hint = f"take a multiple of {pool.gpus_per_node}, or a number that fits one node"
        message = f"one replica needs {ranks}, which do not spread evenly over {nodes} nodes of {pool.gpus_per_node}"
        return Finding(message, at, hint=hint, because=because, on="key")
    whole = split.tensor * split.pipeline
    if split.data > 1 and whole <= pool.gpus_per_node and group.gpus % whole:
        hint = f"say `data_local: {pool.gpus_per_node // whole}`, with `data` a multiple of it"
        message = f"one replica needs {ranks}: {group.gpus} on each of {nodes} nodes cut a data rank of {whole} in two"
        return Finding(message, at, hint=hint, because=because, on="key")
    return None


def _divisors(number: int, most: int) -> str:
    return ", ".join(str(size) for size in range(1, min(number, most) + 1) if number % size == 0)
