"""Accelerators that are paid for and that nothing can use.

## Why
Replicas take whole groups of accelerators on one node: where no sum of their widths makes up a node, the rest of every node stays idle
however they are packed. And a pool that keeps more nodes than everything needs at its maximum, rollouts included, keeps a whole node idle.
https://docs.vllm.ai/en/stable/serving/parallelism_scaling/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 1}}}
#                                                                                    ^
models: {chat: {model: deepseek-ai/DeepSeek-V2-Lite, parallelism: {tensor: 1, pipeline: 3}, replicas: 2, rollout: {kind: recreate}}}
#                                                    -----------
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 1}}}
models: {chat: {model: deepseek-ai/DeepSeek-V2-Lite, parallelism: {tensor: 4}, replicas: 2, rollout: {kind: recreate}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._demand import Shelf, shelves
from stackspec.sizing.packing import pack

_SHOWN = 4


@rule("info")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for nodes that no sum of widths fills, and for nodes that are kept though everything stands on fewer."""
    for shelf in shelves(stack):
        pool = shelf.pool
        if shelf.profile or pool.sharing.kind != "none" or shelf.needed > shelf.room:
            continue
        widths = sorted({item.gpus for item in shelf.groups})
        rest = pool.gpus_per_node - _filled(widths, pool.gpus_per_node)
        if rest:
            words = " and ".join(map(str, widths))
            yield Finding(
                f"{rest} of the {pool.gpus_per_node} GPUs of each node stay idle: replicas of {words} fill no more",
                (*pool.at, "gpus_per_node"),
                hint="split the models so that their GPUs add up to a node, or rent smaller nodes",
                because=_takers(shelf),
            )
        used = _nodes(shelf)
        if used < pool.nodes_min:
            yield Finding(
                f"{pool.nodes_min} nodes are kept, and everything at its maximum, rollouts included, stands on {used}",
                (*pool.at, "nodes"),
                hint=f"keep {used} nodes, or add replicas",
                because=_takers(shelf),
            )


def _takers(shelf: Shelf) -> tuple[Because, ...]:
    return tuple(
        Because(f"{item.gpus} GPUs a node for each replica", (*item.at, "parallelism")) for item in shelf.groups[:_SHOWN]
    )


def _filled(widths: list[int], room: int) -> int:
    """Return the most GPUs of one node that replicas of these widths take together."""
    reached = {0}
    for at in range(1, room + 1):
        if any(at - width in reached for width in widths):
            reached.add(at)
    return max(reached)


def _nodes(shelf: Shelf) -> int:
    """Return how many nodes hold everything at its maximum, with what a rollout adds."""
    packed = pack(shelf.pool, [item.demand(item.rollout.surge) for item in shelf.groups], surge=True)
    return len({spot.node for placed in packed.placements for spot in placed.spots})
