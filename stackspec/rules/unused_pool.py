"""Hardware that nothing runs on.

## Why
Accelerators cost money while they wait. A pool that no model names, and that nothing else can be placed on, was
forgotten when a model moved or was removed.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {large: {accelerator: l4}, small: {accelerator: t4}}}
#                                                          ^^^^^
models: {chat: {model: Qwen/Qwen3-4B, pool: large}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {large: {accelerator: l4}, small: {accelerator: t4}}}
models: {chat: {model: Qwen/Qwen3-4B, pool: large}, draft: {model: Qwen/Qwen3-0.6B, pool: small}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Agent, App, Model, Stack, Team, Tool
from stackspec.rules import rule
from stackspec.rules._asked import each


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for pools that no model runs on, that nothing names, and that nothing without a pool of its own may be placed on."""
    used = stack.used.get("pool", frozenset()).union(*each(stack, "models", _pools))
    unused = [pool for name, pool in stack.pools.items() if name not in used]
    if not unused or (len(stack.pools) == 1 and stack.cluster.kind != "kubernetes"):
        return  # the one machine that all of it runs on is there anyway
    plain = any(pool.accelerator is None for pool in stack.pools.values())
    floats = _floats(stack)
    for pool in unused:
        home = pool.accelerator is None or not plain
        if home and (floats or (pool.accelerator is None and stack.cluster.kind == "kubernetes")):
            continue
        yield Finding(
            f"nothing runs on pool `{pool.name}`", pool.at, on="key", hint="name it in a model's `pool`, or remove it"
        )


def _pools(model: Model) -> tuple[str, ...]:
    return tuple(group.pool.name for group in model.groups)


def _floats(stack: Stack) -> bool:
    """Tell whether anything that is run here leaves the choice of its pool open."""
    if stack.gateway is not None and stack.gateway.pool is None:
        return True
    if any(corpus.store.url is None and corpus.store.pool is None for corpus in stack.retrieval.values()):
        return True
    containers: list[Tool | Agent | Team | App] = [
        *stack.tools.values(), *stack.agents.values(), *stack.teams.values(), *stack.apps.values()
    ]  # fmt: skip
    return any(item.image is not None and item.pool is None for item in containers)
