"""Two processes that listen on one port.

## Why
Under `process` everything runs on one machine with one set of ports. The second process to ask for a port does not
start.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: process, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B, port: 8080}}
#                                           ^^^^
gateway: {kind: envoy, routes: {chat: {backends: [{model: chat}]}}}
#------
targets: {process: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: process, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, draft: {model: Qwen/Qwen3-0.6B}}
gateway: {kind: envoy, routes: {chat: {backends: [{model: chat}]}}}
targets: {process: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare the ports of models and gateway where all of them listen on one machine."""
    if stack.cluster.kind != "process":
        return
    seen: dict[int, tuple[str, Path]] = {}
    for name, port, at in _listening(stack):
        other, first = seen.setdefault(port, (name, at))
        if first != at:
            yield Finding(
                f"{other} and {name} would both listen on port {port} of one machine",
                at,
                hint="give one of them another `port`",
                because=(Because(f"{other} listens here", first),),
            )


def _listening(stack: Stack) -> Iterator[tuple[str, int, Path]]:
    if stack.gateway is not None:
        yield "the gateway", stack.gateway.port, ("gateway", "listen", "port")
    for model in stack.models.values():
        for group in model.groups:
            yield f"`{model.name}`", group.port, (*group.at, "port")
