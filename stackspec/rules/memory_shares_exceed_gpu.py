"""Models on one shared GPU that take more of its memory together than it has.

## Why
Under time slicing and MPS nothing keeps models apart: each engine takes its share of the whole memory, and refuses to start where
less than that is free. Shares that may meet on one GPU can add up to 0.95 at most, since drivers and contexts need the rest.
https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-sharing.html

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: l4, sharing: {kind: time_slicing, replicas: 2}}}
#                                -------
models:
  chat: {model: Qwen/Qwen3-4B, gpu_memory_utilization: 0.7, context_length: 8192}
#                                                      ^^^
  embed: {model: BAAI/bge-m3, task: embed, gpu_memory_utilization: 0.3}
#                                                                  ---
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: l4, sharing: {kind: time_slicing, replicas: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B, gpu_memory_utilization: 0.6, context_length: 8192}
  embed: {model: BAAI/bge-m3, task: embed, gpu_memory_utilization: 0.3}
targets: {helm: {}}
```
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.record import record
from stackspec.ir.stack import Pool, Stack
from stackspec.rules import rule
from stackspec.rules._demand import Asked, shelves
from stackspec.sizing.packing import pack

_MOST = 0.95


@record
class _Share:
    item: Asked
    share: float


_SHARED = ("time_slicing", "mps")


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Add up the largest shares that may meet on one accelerator of each shared pool."""
    if not any(pool.sharing.kind in _SHARED for pool in stack.pools.values()):
        return
    for shelf in shelves(stack):
        pool, groups = shelf.pool, shelf.groups
        if pool.sharing.kind not in _SHARED:
            continue
        meeting = _anywhere(pool, groups) if stack.cluster.kind == "kubernetes" else _placed(pool, groups)
        total = sum(each.share for each in meeting)
        if len(meeting) > 1 and total > _MOST + 1e-9:
            yield _finding(pool, meeting, total)


def _anywhere(pool: Pool, groups: tuple[Asked, ...]) -> list[_Share]:
    """Return the largest shares that a scheduler may put on one accelerator: it does not look at memory."""
    shares = [_Share(item, _share(item)) for item in groups for _ in range(min(item.most, pool.sharing.ways))]
    return heapq.nsmallest(pool.sharing.ways, shares, key=lambda each: (-each.share, each.item.name))


def _placed(pool: Pool, groups: tuple[Asked, ...]) -> list[_Share]:
    """Return the shares on the fullest accelerator where each replica has its place."""
    known = {item.name: item for item in groups}
    found: dict[tuple[int, str], list[_Share]] = {}
    for placement in pack(pool, [item.demand() for item in groups]).placements:
        for spot in placement.spots:
            for device in spot.devices:
                item = known[placement.name]
                found.setdefault((spot.node, device), []).append(_Share(item, _share(item)))
    return max(found.values(), key=lambda shares: sum(each.share for each in shares)) if found else []


def _share(item: Asked) -> float:
    return item.memory_share or 0.0


def _finding(pool: Pool, meeting: list[_Share], total: float) -> Finding:
    terms = " + ".join(f"{each.item.name} {each.share:g}" for each in meeting)
    where = {each.item.name: (*each.item.at, "gpu_memory_utilization") for each in meeting}
    first, *others = where
    return Finding(
        f"{terms} = {total:g} of the memory of one {pool.accelerator.name if pool.accelerator else 'GPU'}, which holds {_MOST}",
        where[first],
        hint=f"lower the shares; without `gpu_memory_utilization` each of {pool.sharing.ways} takes its part",
        because=(
            *(Because("may meet it on the same GPU", where[name]) for name in others),
            Because(f"each GPU holds up to {pool.sharing.ways}", (*pool.at, "sharing")),
        ),
    )
