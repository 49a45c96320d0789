"""A model that is split over accelerators on a pool that has none.

## Why
On a CPU pool each rank binds to one NUMA node of the same machine, and `tensor` above their number does not start. Where an
environment swaps GPUs for CPUs, the split is usually left over from the environment that it extends.
https://docs.vllm.ai/en/stable/getting_started/installation/cpu/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
#                                -----
models: {chat: {model: Qwen/Qwen3-0.6B, parallelism: {tensor: 2}}}
#                                       ^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
models: {chat: {model: Qwen/Qwen3-0.6B}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report more than one rank on a pool without accelerators."""
    for group, at in apart(model, lambda group: (group.parallelism, group.pool)):
        ranks = group.parallelism.ranks
        if group.pool.accelerator is None and ranks > max(1, group.pool.numa_nodes * group.nodes):
            place = (*at, "parallelism")
            yield Finding(
                f"`{model.name}` is split over {ranks} ranks, and pool `{group.pool.name}` has no accelerator",
                place,
                hint="remove `parallelism` (`parallelism: null` in an environment), name a pool with accelerators, or count its"
                " `numa_nodes`",
                because=(Because("a CPU pool", group.pool.at),),
                fix=Fix((Delete(place),)),
                on="key",
            )
