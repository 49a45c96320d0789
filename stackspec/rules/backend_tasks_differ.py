"""A route to models that do different things.

## Why
A client sends one kind of request to a route: a conversation, or texts to embed. A backend with another task refuses
it, so a share of the requests, or every one that falls back, fails.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, embed: {model: BAAI/bge-m3, task: embed}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat}], fallback: [embed]}
#                             ----               ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, embed: {model: BAAI/bge-m3, task: embed}}
gateway:
  kind: envoy
  routes:
    chat: {backends: [{model: chat}]}
    embed: {backends: [{model: embed}]}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model, Route, Stack
from stackspec.rules import rule
from stackspec.rules._reach import backends


@rule("error", on="routes")
def check(route: Route, stack: Stack) -> Iterator[Finding]:
    """Compare the tasks of all models that a route reaches directly; a graph answers as its last step does."""
    named = [(backend, stack.models[backend.model]) for backend in backends(route) if backend.model in stack.models]
    if not named:
        return
    (first, model), *others = named
    for backend, other in others:
        if other.task != model.task:
            yield Finding(
                f"`{backend.name}` has the task {other.task}, and route `{route.name}` also reaches a model with the task "
                f"{model.task}",
                backend.at if backend in route.fallback else (*backend.at, "model"),
                hint="give each task a route of its own",
                because=(Because(f"the task {model.task}", _task(first.at, model)),),
            )


def _task(at: tuple[str | int, ...], model: Model) -> tuple[str | int, ...]:
    return (*at, "model") if model.task == "generate" else (*model.at, "task")
