"""A tool that no agent uses.

## Why
A server that nobody calls still runs, holds its secrets, and can be attacked. An agent uses what its `tools` names: one
function, or the whole server.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
tools: {orders: {image: "ghcr.io/example/orders-mcp:2.3.0"}}
#       ^^^^^^
agents: {support: {framework: langgraph, model: chat}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
tools: {orders: {image: "ghcr.io/example/orders-mcp:2.3.0", functions: {find_order: {description: Look up an order}}}}
agents: {support: {framework: langgraph, model: chat, tools: [orders.find_order]}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("info")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for tools that nothing refers to, in a stack that has agents."""
    used = {name.partition(".")[0] for name in stack.used.get("tool", frozenset())}
    for tool in stack.tools.values() if stack.agents else ():
        if tool.name not in used:
            yield Finding(
                f"no agent uses the tool `{tool.name}`", tool.at, on="key", hint="name it in an agent's `tools`, or remove it"
            )
