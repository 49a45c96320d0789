"""An autoscaler with a minimum above its maximum.

## Why
Scalers refuse such bounds; some of them only once they are in the cluster.
https://keda.sh/docs/latest/reference/scaledobject-spec/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 4}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 3, max: 2, metric: queue_depth, target: 5}}}
#                                                      -       ^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 4}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 2, max: 3, metric: queue_depth, target: 5}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Autoscale, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the bounds of each group."""
    for group, at in apart(model, lambda group: group.scale):
        scale, place = group.scale, (*at, "autoscale")
        if isinstance(scale, Autoscale) and scale.minimum > scale.maximum:
            yield Finding(
                f"at least {scale.minimum} replicas and at most {scale.maximum}",
                (*place, "max"),
                hint=f"use `{{min: {scale.maximum}, max: {scale.minimum}}}` if they were swapped",
                because=(Because(f"at least {scale.minimum}", (*place, "min")),),
            )
