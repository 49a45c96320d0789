"""An autoscaler without a value to aim at.

## Why
A scaler compares its metric with a target for each replica: five waiting requests, 80 % of the KV cache. Without one there is
nothing to compare, and no value is right for every model.
https://keda.sh/docs/latest/scalers/prometheus/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 4}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, max: 3, metric: queue_depth}}}
#                                     ^^^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 4}}}
models:
  chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, max: 3, metric: queue_depth, target: 5}}
  other: {model: Qwen/Qwen3-4B, autoscale: {owner: external}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Autoscale, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_USUAL = {
    "queue_depth": "5",
    "running_requests": "64",
    "kv_cache_usage": "0.8",
    "ttft": "1.5",
    "tpot": "0.05",
    "requests_per_second": "2",
}


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report scalers of ours that can never decide."""
    for group, at in apart(model, lambda group: group.scale):
        scale = group.scale
        if not isinstance(scale, Autoscale) or scale.owner == "external" or scale.target is not None:
            continue
        usual = _USUAL.get(scale.metric)
        what = "the query" if scale.query else f"`{scale.metric}`"
        yield Finding(
            f"`{model.name}` scales on {what}, and nothing says at which value",
            (*at, "autoscale"),
            hint=f"add `target`, the value for each replica{f', such as {usual}' if usual else ''}",
            on="key",
        )
