"""A pool that shares accelerators and has none.

## Why
`sharing` cuts up accelerators. On a CPU pool it says nothing, and usually means that `accelerator` was forgotten or misspelt away.
https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-sharing.html

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {small: {cpu: 8, memory: 32Gi, sharing: {kind: time_slicing, replicas: 2}}}}
#                                                                 ^^^^^^^
models: {chat: {model: Qwen/Qwen3-0.6B}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {small: {accelerator: l4, sharing: {kind: time_slicing, replicas: 2}}}}
models: {chat: {model: Qwen/Qwen3-0.6B}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Pool
from stackspec.rules import rule


@rule("warning", on="pools")
def check(pool: Pool) -> Iterator[Finding]:
    """Report sharing on a CPU pool."""
    if pool.accelerator is None and pool.sharing.kind != "none":
        yield Finding(
            f"pool `{pool.name}` shares accelerators by {pool.sharing.kind}, and has none",
            (*pool.at, "sharing"),
            hint="name its `accelerator`, or remove `sharing`",
            on="key",
        )
