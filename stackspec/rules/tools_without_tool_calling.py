"""Tools offered to a model that may not call them.

## Why
With tool calling turned off, or `auto: false`, the engine answers requests that offer tools with an error, or the calls come back as text
that no agent recognises. Left to `auto`, it is turned on because an agent with tools reaches the model. Endpoints of
others are not judged.
https://github.com/vllm-project/vllm/issues/17792

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, features: {tool_calling: false}}}
#                                                              -----
tools: {orders: {image: "ghcr.io/example/orders-mcp:2.3.0", functions: {find_order: {description: Look up an order}}}}
agents:
  support:
    framework: langgraph
    model: chat
    tools: [orders.find_order]
#   ^^^^^
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, features: {tool_calling: {auto: false}}}}
#                                                                     -----
tools: {orders: {image: "ghcr.io/example/orders-mcp:2.3.0", functions: {find_order: {description: Look up an order}}}}
agents:
  support:
    framework: langgraph
    model: chat
    tools: [orders.find_order]
#   ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
tools: {orders: {image: "ghcr.io/example/orders-mcp:2.3.0", functions: {find_order: {description: Look up an order}}}}
agents:
  support:
    framework: langgraph
    model: chat
    tools: [orders.find_order]
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._reach import of_caller


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for agents with tools that reach a model whose tool calling is turned off."""
    for agent in stack.agents.values():
        for reached in of_caller(stack, agent.caller, agent.at) if agent.tools else ():
            model = reached.model
            calling = model.features.tool_calling
            if model.endpoint is None and (calling.asked == "off" or not calling.auto):
                off = (*model.at, "features", "tool_calling", *(() if calling.asked == "off" else ("auto",)))
                yield Finding(
                    f"`{agent.name}` offers tools to `{model.name}`, whose tool calling is turned off",
                    (*agent.at, "tools"),
                    hint=f"remove `{off[-1]}: false`: the default turns it on where it is needed",
                    because=(Because("turned off here", off),),
                    on="key",
                )
