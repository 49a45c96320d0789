"""Two things that answer to one name at one address.

## Why
An engine, or a router in front of several of them, tells models and adapters apart by the name in the request. Where
two have the same name there, only one of them can be reached.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    served_names: [chat, chat/legal]
#                        ----------
    adapters: {legal: {model: pvc://adapters/legal, rank: 16}}
#              ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    served_names: [chat, qwen]
    adapters: {legal: {model: pvc://adapters/legal, rank: 16}}
  next: {model: Qwen/Qwen3-0.6B, served_names: [chat]}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Model, Stack
from stackspec.rules import rule
from stackspec.rules._asked import each


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare the names at each address that requests reach models at."""
    seen: dict[tuple[str, int, str], Path] = {}
    for served in each(stack, "models", _served):
        for host, port, name, at in served:
            first = seen.setdefault((host, port, name), at)
            if first != at:
                yield Finding(
                    f"`{name}` is the name of two things at {host}:{port}",
                    at,
                    hint="give one of them another name",
                    because=(Because("the other one", first),),
                    on="key",
                )


def _served(model: Model) -> tuple[tuple[str, int, str, Path], ...]:
    where = model.address
    return tuple((where.host, where.port, name, at) for name, at in _names(model)) if model.groups else ()


def _names(model: Model) -> Iterator[tuple[str, Path]]:
    if model.served_names == (model.name,):
        yield model.name, model.at
    else:
        for index, name in enumerate(model.served_names):
            if name not in model.served_names[:index]:
                yield name, (*model.at, "served_names", index)
    for adapter in model.adapters.values():
        yield adapter.served_name, adapter.at
