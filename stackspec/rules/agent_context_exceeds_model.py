"""An agent that sends more than its model can hold.

## Why
`limits.context_tokens` bounds one call of the agent. Where a model that the call can end at has a shorter context, long
runs fail there, and only there: often on the fallback, when nothing else is left.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 32768}
  small: {model: Qwen/Qwen3-0.6B, context_length: 8192}
#                                                 ----
gateway:
  kind: envoy
  routes: {assistant: {backends: [{model: chat}], fallback: [small]}}
#                                                            -----
agents:
  support: {framework: langgraph, route: assistant, limits: {context_tokens: 16000}}
#                                                                            ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 32768}
  small: {model: Qwen/Qwen3-0.6B, context_length: 16384}
gateway:
  kind: envoy
  routes: {assistant: {backends: [{model: chat}], fallback: [small]}}
agents:
  support: {framework: langgraph, route: assistant, limits: {context_tokens: 16000}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._reach import context_at, of_caller


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare each agent's limit with the shortest context that its calls can end at."""
    for agent in stack.agents.values():
        limit = agent.limits.context_tokens
        if limit is None:
            continue
        known = [reached for reached in of_caller(stack, agent.caller, agent.at) if reached.model.context is not None]
        shortest = min(known, key=lambda reached: reached.model.context or 0, default=None)
        if shortest is None or limit <= (shortest.model.context or 0):
            continue
        model = shortest.model
        yield Finding(
            f"`{agent.name}` sends up to {limit} tokens in one call, and `{model.name}` holds {model.context}",
            (*agent.at, "limits", "context_tokens"),
            hint=f"allow at most {model.context} tokens, the answer included",
            because=(
                Because(f"`{model.name}` is reached from here", shortest.at),
                Because(f"{model.context} tokens", context_at(model)),
            ),
        )
