"""Scaling to zero on a metric that is gone at zero.

## Why
With `min: 0` the last engine stops, and with it the metric that should bring it back: the model never returns. A metric that
somebody else measures, such as the requests at the gateway, is still there.
https://keda.sh/docs/latest/concepts/scaling-deployments/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 0, max: 1, metric: queue_depth, target: 5}}}
#                                                      ^                  -----------
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 0, max: 1, metric: requests_per_second, target: 2}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Autoscale, Group, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_OUTSIDE = "requests_per_second"


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report minima of zero that only the engine itself could end."""
    for group, at in apart(model, lambda group: (group.scale, group.engine)):
        scale = group.scale
        if isinstance(scale, Autoscale) and scale.minimum == 0 and scale.owner != "external" and _own(scale, group):
            what = "the query reads a metric" if scale.query else f"`{scale.metric}` is a metric"
            yield Finding(
                f"`{model.name}` scales to zero, and {what} of the engine, which is gone then",
                (*at, "autoscale", "min"),
                hint="scale on `requests_per_second`, which the gateway measures, or keep `min: 1`",
                because=(Because("measured by the engine", (*at, "autoscale", "metric")),),
            )


def _own(scale: Autoscale, group: Group) -> bool:
    """Tell whether the engine itself measures the metric."""
    if scale.query is None:
        return scale.metric != _OUTSIDE
    return re.search(rf"\b{re.escape(group.engine.kind)}[:_]", scale.query) is not None
