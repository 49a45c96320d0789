"""A model that takes a MIG slice which its pool does not have.

## Why
The pool makes the slices that it lists. A pod that asks for another one stays pending.
https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-mig.html

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 4, 3g.40gb: 1}}}}
#                                                                ------
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 2g.20gb}}
#                                              ^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 4, 3g.40gb: 1}}}}
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 3g.40gb}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Look each slice up in its pool."""
    for group, at in apart(model, lambda group: (group.pool, group.slice)):
        slices = group.pool.sharing.slices
        if slices and group.slice is not None and group.slice not in slices:
            yield Finding(
                f"pool `{group.pool.name}` has no slices of `{group.slice}`",
                (*at, "slice"),
                hint=f"it has {', '.join(slices)}",
                because=(Because("the slices of the pool", (*group.pool.at, "sharing", "slices")),),
            )
