"""A start-up budget below the shortest time that loading can take.

## Why
The startup probe kills a replica that is still loading when the budget ends, and the next one begins from the start: it never
serves. The estimate counts fetching the weights, loading, compilation and graph capture; only its low end is compared here.
https://github.com/kserve/kserve/issues/4840

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, health: {startup: 15s}}}
#                                                       ^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, health: {startup: 20m}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Delete, Finding, Fix
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart
from stackspec.units import duration_text


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare a written budget with the low end of the estimate."""
    for group, at in apart(model, lambda group: group.estimate):
        found = group.estimate
        if found.budget_written and found.budget < found.startup.low:
            place = (*at, "health", "startup")
            span = f"{duration_text(found.startup.low)} to {duration_text(found.startup.high)}"
            yield Finding(
                f"a replica is killed after {duration_text(found.budget)}, and takes {span} to serve (estimate)",
                place,
                hint="leave it out: the budget is then derived from the estimate",
                fix=Fix((Delete(place),)),
            )
