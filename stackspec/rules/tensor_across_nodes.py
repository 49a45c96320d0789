"""A tensor split that crosses nodes without a fast network between them.

## Why
Tensor-parallel ranks exchange results several times in every layer. Inside a node that goes over NVLink or PCIe; between nodes it
goes over the network, and without RDMA (InfiniBand, RoCE, EFA, GPUDirect-TCPX) each token waits for it. Pipeline stages exchange
far less: split inside the node with `tensor`, between nodes with `pipeline`. A pool with a declared RDMA `fabric` is not reported.
https://docs.vllm.ai/en/stable/serving/parallelism_scaling/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4, nodes: 2}}}
#                                                                                    -
models: {chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 8}}}
#                                                            ^
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
from stackspec.ir.stack import Group, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_FAST = frozenset({"infiniband", "roce", "efa", "gpudirect_tcpx"})
_ONE_MACHINE = "compose"
"""A serving mode that has no further nodes, and says so itself."""


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report tensor groups that span nodes of a pool without a fast fabric."""
    for group, at in apart(model, lambda group: (group.parallelism, group.pool)):
        fabric = group.pool.fabric.kind if group.pool.fabric else None
        if model.serving == _ONE_MACHINE or not _crosses(group) or fabric in _FAST:
            continue
        pool, tensor = group.pool, group.parallelism.tensor
        network = f"over {fabric}" if fabric else "over a network that nobody describes"
        where = (*pool.at, "fabric") if fabric else (*pool.at, "gpus_per_node")
        yield Finding(
            f"the {tensor} tensor ranks span nodes of {pool.gpus_per_node} accelerators, {network}",
            (*at, "parallelism", "tensor"),
            hint=f"declare the `fabric` of pool `{pool.name}` if it has RDMA; otherwise {_instead(group)}",
            because=(Because(f"nodes of {pool.gpus_per_node}, {network}", where),),
        )


def _crosses(group: Group) -> bool:
    """Tell whether the ranks of one tensor group sit on several nodes, as far as the pool has them."""
    tensor, pool = group.parallelism.tensor, group.pool
    possible = pool.accelerator is not None and pool.sharing.kind == "none" and 1 < group.nodes <= pool.nodes_max
    return possible and tensor > 1 and group.gpus % tensor > 0


def _instead(group: Group) -> str:
    per_node, split = group.pool.gpus_per_node, group.parallelism
    ranks = split.tensor * split.pipeline
    if ranks % per_node == 0:
        return f"use `{{tensor: {per_node}, pipeline: {ranks // per_node}}}`"
    return "make `tensor` divide the accelerators of a node, and split the rest with `pipeline`"
