"""A rollout that waits for accelerators that the pool does not have.

## Why
With `surge: 1, unavailable: 0` a new replica must start before an old one stops. Where the pool has no accelerators left for it,
it stays pending, the old ones are never stopped, and the rollout hangs until somebody notices.
https://github.com/ai-runway/airunway/issues/400

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 1}}}
#                                                                                              -
models:
  chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 4}, replicas: 2, rollout: {kind: rolling, surge: 1, unavailable: 0}}
#                                                                                                      ^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 1}}}
models:
  chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 4}, replicas: 2, rollout: {kind: rolling, surge: 0, unavailable: 1}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._demand import Asked, Shelf, shelves
from stackspec.sizing.packing import pack


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Pack each written surge beside everything that may run."""
    if stack.cluster.kind != "kubernetes":
        return
    for shelf in shelves(stack):
        surging = [item for item in shelf.groups if _waits(item)]
        if surging and _fits(shelf, None):
            yield from (_finding(shelf, item) for item in surging if not _fits(shelf, item))


def _waits(item: Asked) -> bool:
    """Tell whether a rollout as written moves only once a further replica runs."""
    rollout = item.rollout
    return not rollout.derived and rollout.kind == "rolling" and rollout.surge > 0 and rollout.unavailable == 0


def _fits(shelf: Shelf, rolling: Asked | None) -> bool:
    """Tell whether everything fits while one group rolls."""
    demands = [item.demand(item.rollout.surge if item is rolling else 0) for item in shelf.groups]
    return not pack(shelf.pool, demands, surge=True).misfits


def _finding(shelf: Shelf, item: Asked) -> Finding:
    surge, room = item.rollout.surge, shelf.room
    needed, spare = surge * item.each, room - shelf.needed
    place = (*item.at, "rollout")
    more = "1 replica more" if surge == 1 else f"{surge} replicas more"
    takes = f"{more} of `{item.name}` during a rollout takes {needed} {shelf.unit}"
    message = f"{takes}, and pool `{shelf.pool.name}` has {spare} of {room} spare"
    if spare >= needed:
        message += ", on different nodes"
    return Finding(
        message,
        (*place, "surge"),
        hint="say `surge: 0, unavailable: 1`, or leave `rollout` out: it is derived from what is spare",
        because=(Because(f"{room} in all", (*shelf.pool.at, "nodes")),),
        fix=Fix((Set((*place, "surge"), "0"), Set((*place, "unavailable"), "1"))),
    )
