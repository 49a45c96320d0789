"""An agent with nothing to think with.

## Why
An agent calls a route of the gateway, or a model where there is no gateway. Frameworks fall back to a hosted service of
their own choice, with a key that is not there, or that was meant for something else.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway: {kind: envoy, routes: {chat: {backends: [{model: chat}]}}}
agents: {support: {framework: langgraph}}
#        ^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway: {kind: envoy, routes: {chat: {backends: [{model: chat}]}}}
agents: {support: {framework: langgraph, route: chat}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for agents that call nothing."""
    routes = list(stack.gateway.routes) if stack.gateway else []
    hint = f"add `route: {routes[0]}`" if len(routes) == 1 else "add `route: …`" if routes else "add `model: …`"
    for agent in stack.agents.values():
        if agent.caller is None:
            yield Finding(f"`{agent.name}` calls neither a route nor a model", agent.at, hint=hint, on="key")
