"""A rollout that may neither add a replica nor take one away.

## Why
`surge: 0` with `unavailable: 0` leaves no step to take; Kubernetes refuses such a Deployment.
https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, rollout: {kind: rolling, surge: 0, unavailable: 0}}}
#                                                                     -               ^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, rollout: {kind: recreate}}}
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
    """Report rolling updates without a step."""
    for group, at in apart(model, lambda group: group.rollout):
        rollout = group.rollout
        if rollout.kind == "rolling" and rollout.surge == 0 and rollout.unavailable == 0:
            place = (*at, "rollout", "unavailable")
            yield Finding(
                f"the rollout of `{model.name}` may add 0 replicas and miss 0: it can never take a step",
                place,
                hint="say `unavailable: 1`, or `kind: recreate`",
                because=(Because("adds none", (*at, "rollout", "surge")),),
                fix=Fix((Set(place, "1"),)),
            )
