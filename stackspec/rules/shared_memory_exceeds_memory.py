"""Shared memory larger than the memory that the replica may use.

## Why
`/dev/shm` is a file system in memory, and what is written to it counts against the memory limit of the pod: the replica is killed
before it is full.
https://kubernetes.io/docs/concepts/storage/volumes/#emptydir

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, memory: 64Gi}}}
models: {chat: {model: Qwen/Qwen3-4B, resources: {memory: 16Gi, shared_memory: 32Gi}}}
#                                                         ----                 ^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, memory: 64Gi}}}
models: {chat: {model: Qwen/Qwen3-4B, resources: {memory: 32Gi, shared_memory: 8Gi}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart
from stackspec.units import gib


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare shared memory with the limit, else with the node."""
    for group, at in apart(model, lambda group: (group.resources, group.pool)):
        shared, limit = group.resources.shared_memory, group.resources.memory_limit
        most = limit if limit is not None else group.pool.memory
        if shared is not None and most is not None and shared >= most:
            where = (*at, "resources", "memory") if limit is not None else (*group.pool.at, "memory")
            yield Finding(
                f"{gib(shared)} of shared memory inside {gib(most)} of memory leave nothing for the engine",
                (*at, "resources", "shared_memory"),
                hint="leave it out: it is derived from the ranks of a replica",
                because=(Because(f"{gib(most)} in all", where),),
            )
