"""Objectives for a load that nobody states.

## Why
How fast a model answers depends on how many requests share it. Without `traffic` nothing can tell whether the replicas
meet the objectives, and no number of replicas can be derived from them.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, slo: {ttft: {p95: 1500ms}}}}
#                                     ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    traffic: {requests_per_second: 0.5, input_tokens: 500, output_tokens: 200}
    slo: {ttft: {p95: 1500ms}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Look for objectives without a load; the load of somebody else's model is not ours to state."""
    if model.slo and model.traffic is None and model.groups:
        yield Finding(
            f"`{model.name}` has objectives and no `traffic`, so nothing tells whether its replicas meet them",
            (*model.at, "slo"),
            on="key",
            hint="add `traffic: {requests_per_second: …, input_tokens: …, output_tokens: …}`",
        )
