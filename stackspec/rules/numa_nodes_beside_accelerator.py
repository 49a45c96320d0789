"""NUMA nodes counted on a pool that has accelerators.

## Why
`numa_nodes` says where an engine on CPUs may have its ranks. On a pool with accelerators there is one rank for each accelerator,
and the number means nothing.
https://docs.vllm.ai/en/stable/getting_started/installation/cpu/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, numa_nodes: 2}}}
#                                                   --  ^^^^^^^^^^
models: {chat: {model: Qwen/Qwen3-0.6B, context_length: 4096}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {cpu: {cpu: 32, memory: 64Gi, numa_nodes: 2}}}
models: {chat: {model: Qwen/Qwen3-0.6B, context_length: 4096, parallelism: {tensor: 2}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.ir.cluster import Pool
from stackspec.rules import rule


@rule("warning", on="pools")
def check(pool: Pool) -> Iterator[Finding]:
    """Report NUMA nodes where accelerators decide."""
    if pool.accelerator is not None and pool.numa_nodes:
        yield Finding(
            f"pool `{pool.name}` has accelerators, and its {pool.numa_nodes} NUMA nodes decide nothing",
            (*pool.at, "numa_nodes"),
            hint="remove it; `gpus_per_node` counts the accelerators of a node",
            because=(Because("accelerators", (*pool.at, "accelerator")),),
            fix=Fix((Delete((*pool.at, "numa_nodes")),), safe=True),
            on="key",
        )
