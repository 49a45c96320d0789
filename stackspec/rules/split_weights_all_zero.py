"""Weights that add up to nothing.

## Why
Weights are shares of their sum. Where all of them are 0 there is no share to hand out: gateways refuse the
configuration, or answer every request with an error.
https://gateway-api.sigs.k8s.io/reference/spec/#backendref

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, next: {model: Qwen/Qwen3-0.6B}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat, weight: 0}, {model: next, weight: 0}]}
#                                           ^                         -
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, next: {model: Qwen/Qwen3-0.6B}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat}, {model: next, weight: 0}]}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Route
from stackspec.rules import rule


@rule("error", on="routes")
def check(route: Route) -> Iterator[Finding]:
    """Look for a split, of the route or of one of its rules, in which nobody has a share."""
    for backends in (route.backends, *(item.backends for item in route.rules)):
        if backends and all(backend.weight == 0 for backend in backends):
            first, *others = backends
            yield Finding(
                f"all weights of this split of `{route.name}` are 0, so no backend gets a request",
                (*first.at, "weight"),
                hint="give at least one backend a weight above 0",
                because=tuple(Because("0 as well", (*other.at, "weight")) for other in others),
            )
