"""A gateway that no request gets through.

## Why
Clients reach models by the names of routes. A gateway without any answers every request with an error, and models
behind it are not published otherwise.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway: {kind: envoy}
#^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway: {kind: envoy, routes: {chat: {backends: [{model: chat}]}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for a gateway without routes."""
    if stack.gateway is not None and not stack.gateway.routes:
        hint = "add `routes: {name: {backends: [{model: …}]}}`"
        yield Finding("the gateway has no routes, so no request reaches a model", ("gateway",), hint=hint, on="key")
