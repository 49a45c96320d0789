"""A caller that goes around the gateway.

## Why
The gateway knows who calls, counts tokens, limits, checks content and keeps the record. An agent or app that names the
model itself escapes all of it, and keeps calling the old model when the route's weights change.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway: {kind: envoy, routes: {assistant: {backends: [{model: chat}]}}}
#                                                      -------------
agents: {support: {framework: langgraph, model: chat}}
#                                               ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, draft: {model: Qwen/Qwen3-0.6B}}
gateway: {kind: envoy, routes: {assistant: {backends: [{model: chat}]}}}
agents:
  support: {framework: langgraph, route: assistant}
  internal: {framework: langgraph, model: draft}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Agent, App, Stack
from stackspec.rules import rule
from stackspec.rules._reach import of_route


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for callers of a model that a route leads to."""
    callers: list[Agent | App] = [*stack.agents.values(), *stack.apps.values()]
    direct = [(item, item.caller.model.partition("/")[0]) for item in callers if item.caller and item.caller.model]
    leads = _leads(stack) if direct else {}
    for item, name in direct:
        if name in leads:
            route, at = leads[name]
            yield Finding(
                f"`{item.name}` calls `{name}` itself and bypasses the limits and the audit of the gateway",
                (*item.at, "model"),
                hint=f"write `route: {route}` instead",
                because=(Because("this route leads to it", at),),
            )


def _leads(stack: Stack) -> dict[str, tuple[str, Path]]:
    """Return the first route that leads to each model, and where it names it."""
    found: dict[str, tuple[str, Path]] = {}
    for route in stack.gateway.routes.values() if stack.gateway else ():
        for reached in of_route(stack, route):
            found.setdefault(reached.model.name, (route.name, reached.at))
    return found
