"""An autoscaler that lets go of replicas faster than they can come back.

## Why
A replica takes its start-up time to return. With a cooldown below even the lowest estimate of that, a short pause removes replicas
that the next burst then waits for, again and again.
https://keda.sh/docs/latest/reference/scaledobject-spec/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 3}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, max: 3, metric: queue_depth, target: 5, cooldown: 10s}}}
#                                                                                                           ^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 3}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, max: 3, metric: queue_depth, target: 5, cooldown: 5m}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Autoscale, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart
from stackspec.units import duration_text


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the cooldown with the low end of the start-up estimate."""
    for group, at in apart(model, lambda group: (group.scale, group.estimate)):
        scale, low = group.scale, group.estimate.startup.low
        if isinstance(scale, Autoscale) and scale.cooldown is not None and scale.cooldown < low:
            back = f"take at least {duration_text(low)} to come back (estimate)"
            yield Finding(
                f"replicas go after {duration_text(scale.cooldown)} of quiet, and {back}",
                (*at, "autoscale", "cooldown"),
                hint=f"wait longer than a start takes, about {duration_text(group.estimate.startup.estimate)}",
            )
