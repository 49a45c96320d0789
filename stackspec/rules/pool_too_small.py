"""Models whose replicas do not fit on their pool.

## Why
Everything that may run at once must find its accelerators: a replica that finds none stays pending, and an autoscaler never reaches
a maximum that the pool cannot hold. Replicas are packed on whole nodes, so four free accelerators on two nodes hold no replica
that needs four on one.
https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 1}}}
#                                                                                              ^
models:
  chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 2}, replicas: 3}
#                                                                   -
  next: {model: Qwen/Qwen3-32B, parallelism: {tensor: 4}}
# ----
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 1}}}
models:
  chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 2}, replicas: 2}
  next: {model: Qwen/Qwen3-32B, parallelism: {tensor: 4}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._demand import Asked, Shelf, shelves
from stackspec.sizing.packing import pack

_SHOWN = 4


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Pack all replicas at their maxima on each pool; Compose hands out the devices of its one machine when it is lowered."""
    if stack.cluster.kind == "compose":
        return
    for shelf in shelves(stack):
        if shelf.plain:
            stuck = shelf.groups[0].name if shelf.needed > shelf.room else None
        else:
            packed = pack(shelf.pool, [item.demand() for item in shelf.groups])
            stuck = packed.misfits[0].name if packed.misfits else None
        if stuck is not None:
            yield _finding(shelf, stuck)


def _finding(shelf: Shelf, stuck: str) -> Finding:
    pool, needed, room = shelf.pool, shelf.needed, shelf.room
    largest = sorted(shelf.groups, key=lambda item: (-item.units, item.name))[:_SHOWN]
    terms = " + ".join(item.text for item in largest) + (" + …" if len(shelf.groups) > _SHOWN else "")
    message = f"{terms} = {needed} {shelf.unit}, and pool `{pool.name}` has {room}"
    if needed <= room:
        message += f" on nodes of {shelf.per_node}, none of which has enough of them left for `{stuck}`"
    nodes = max(pool.nodes_max + 1, -(-needed // max(1, shelf.per_node)))
    fewest = "not even the fewest replicas fit: " if any(item.scales for item in shelf.groups) and _fewest(shelf) > room else ""
    return Finding(
        message,
        (*pool.at, "nodes"),
        hint=f"{fewest}allow {nodes} nodes, or ask for less",
        because=tuple(Because(f"up to {item.text}", _place(item)) for item in largest),
        severity="warning" if needed <= room and not shelf.exact else None,
    )


def _fewest(shelf: Shelf) -> int:
    return sum(item.fewest * item.each for item in shelf.groups)


def _place(item: Asked) -> Path:
    return (*item.at, "autoscale", "max") if item.scales else (*item.at, "replicas")
