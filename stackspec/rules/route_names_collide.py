"""Routes whose names differ only in case.

## Why
Clients send the route's name as `model`. Two names that differ only in upper and lower case are mixed up by people, and
by file systems and tools that do not tell them apart.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  routes:
    qwen/Qwen3-4B: {backends: [{model: chat}]}
#   ^^^^^^^^^^^^^
    Qwen/Qwen3-4B: {backends: [{model: chat}]}
#   -------------
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
    chat: {backends: [{model: chat}]}
    Qwen/Qwen3-4B: {backends: [{model: chat}]}
    Qwen-Qwen3-4B: {backends: [{model: chat}]}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Fold the case of all route names and look for equal ones."""
    seen: dict[str, str] = {}
    for name, route in stack.gateway.routes.items() if stack.gateway else ():
        first = seen.setdefault(name.casefold(), name)
        if first != name:
            yield Finding(
                f"the routes `{name}` and `{first}` differ only in case",
                route.at,
                on="key",
                hint="keep one of them, or give it another name",
                because=(Because("the other one", (*route.at[:-1], first)),),
            )
