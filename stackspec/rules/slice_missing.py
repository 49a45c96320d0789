"""A model on a pool of MIG slices that does not say which slice it takes.

## Why
On such a pool there are no whole GPUs to ask for: each profile is a resource of its own. A model without a `slice` finds nothing.
https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-mig.html

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 4, 3g.40gb: 1}}}}
#                                                                ------
models: {chat: {model: Qwen/Qwen3-0.6B}}
#        ^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 4, 3g.40gb: 1}}}}
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 1g.10gb}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report groups without a slice on pools of slices."""
    for group, at in apart(model, lambda group: (group.pool, group.slice)):
        slices = list(group.pool.sharing.slices)
        if slices and group.slice is None:
            yield Finding(
                f"pool `{group.pool.name}` is cut into slices, and `{model.name}` names none",
                at,
                hint=f"add `slice: {slices[0]}`" + (f" (or {', '.join(slices[1:])})" if slices[1:] else ""),
                because=(Because(f"slices: {', '.join(slices)}", (*group.pool.at, "sharing", "slices")),),
                fix=Fix((Set((*at, "slice"), slices[0]),), safe=True) if len(slices) == 1 else None,
                on="key",
            )
