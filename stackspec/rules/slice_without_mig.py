"""A model that takes a MIG slice on a pool of whole GPUs.

## Why
`slice` names a part of a GPU that MIG makes. Without `sharing: {kind: mig}` the pool has no such parts.
https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-mig.html

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb}}}
#                                   ---
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 1g.10gb}}
#                                              ^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 7}}}}}
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 1g.10gb}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report slices on pools that are not cut up."""
    for group, at in apart(model, lambda group: (group.pool, group.slice)):
        if group.slice is not None and group.pool.sharing.kind != "mig":
            yield Finding(
                f"pool `{group.pool.name}` is not cut into MIG slices, and `{model.name}` takes a `{group.slice}`",
                (*at, "slice"),
                hint=f"remove `slice`, or give the pool `sharing: {{kind: mig, slices: {{{group.slice}: …}}}}`",
                because=(Because("whole accelerators", group.pool.at),),
                fix=Fix((Delete((*at, "slice")),)),
            )
