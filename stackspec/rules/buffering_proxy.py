"""A proxy that holds streamed answers back.

## Why
A hop that buffers passes an answer on when it is complete. Tokens that the model streams arrive all at once, the time
to the first token becomes the time of the whole answer, and idle time-outs in front of it strike.
https://github.com/confidential-dot-ai/c8s/issues/144

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  proxies: [{name: cdn, buffering: true}]
#                                  ^^^^
  routes: {chat: {backends: [{model: chat}]}}
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
  proxies: [{name: cdn, buffering: false, idle_timeout: 100s}]
  routes: {chat: {backends: [{model: chat}]}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Set
from stackspec.ir.stack import Route, Stack
from stackspec.rules import rule
from stackspec.rules._reach import of_route


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for hops that buffer in front of a model that generates."""
    front = stack.gateway
    buffering = [hop for hop in front.hops if hop.buffering] if front else []
    if front is None or not buffering or not any(_streams(stack, route) for route in front.routes.values()):
        return
    for hop in buffering:
        at = (*hop.at, "buffering")
        yield Finding(
            f"`{hop.name}` holds answers back until they are complete, so nothing streams to clients",
            at,
            hint="turn its buffering off and write `false`",
            fix=Fix((Set(at, "false"),), safe=False),
        )


def _streams(stack: Stack, route: Route) -> bool:
    return any(reached.model.task == "generate" for reached in of_route(stack, route))
