"""A route that leads nowhere.

## Why
A request that matches no rule goes to the route's `backends`. Where there are none, every such request ends with an
error.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  routes:
    chat: {timeouts: {request: 300s}}
#   ^^^^
    beta: {rules: [{headers: {x-segment: beta}, backends: [{model: chat}]}]}
#   ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat}], timeouts: {request: 300s}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Route
from stackspec.rules import rule


@rule("error", on="routes")
def check(route: Route) -> Iterator[Finding]:
    """Look for a route, or a rule of one, without any backend."""
    hint = "add `backends: [{model: …}]`"
    if not route.backends and not route.rules:
        yield Finding(f"route `{route.name}` has no backend", route.at, hint=hint, on="key")
    elif not route.backends:
        yield Finding(f"requests to `{route.name}` that match none of its rules have no backend", route.at, hint=hint, on="key",
                      severity="warning")  # fmt: skip
    for rule_ in route.rules:
        if not rule_.backends:
            yield Finding(f"this rule of `{route.name}` has no backend", rule_.at, hint=hint)
