"""A fallback to what has just failed.

## Why
A fallback answers when no backend does. Where the fallback is the route's only backend, the same model is asked again,
and the route is as available as without it.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat}], fallback: [chat]}
#                             ----               ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, small: {model: Qwen/Qwen3-0.6B}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat}], fallback: [small]}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Route
from stackspec.rules import rule


@rule("warning", on="routes")
def check(route: Route) -> Iterator[Finding]:
    """Compare each fallback with the only model that the route sends requests to."""
    asked = [backend for backend in route.backends if backend.weight > 0]
    models = {backend.model for backend in asked if backend.kind != "graph"}
    if len(models) != 1 or any(backend.kind == "graph" for backend in asked):
        return
    for fallback in route.fallback:
        if fallback.model in models:
            yield Finding(
                f"`{fallback.name}` is the fallback of a route that has no other backend",
                fallback.at,
                hint="name another model, or leave the fallback out",
                because=(Because(f"`{asked[0].name}` has failed by then", (*asked[0].at, "model")),),
            )
