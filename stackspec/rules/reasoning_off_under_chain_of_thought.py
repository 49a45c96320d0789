"""An agent that reasons with a model that may not.

## Why
The strategy `chain_of_thought` reads the reasoning of the model apart from its answer. With `reasoning: false` the
engine does not separate the two, and models that can are told not to think at all. Left to `auto`, it is turned on
where such an agent reaches the model.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, features: {reasoning: false}}}
#                                                           -----
agents: {support: {framework: langgraph, model: chat, strategy: {kind: chain_of_thought}}}
#                                                                      ^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, features: {reasoning: false}}}
agents: {support: {framework: langgraph, model: chat, strategy: {kind: react}}}
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
    """Look for agents that think in chains and reach a model whose reasoning is turned off."""
    for agent in stack.agents.values():
        for reached in of_caller(stack, agent.caller, agent.at) if agent.strategy.kind == "chain_of_thought" else ():
            model = reached.model
            if model.endpoint is None and model.features.reasoning.asked == "off":
                yield Finding(
                    f"`{agent.name}` reads the reasoning of `{model.name}`, whose reasoning is turned off",
                    (*agent.at, "strategy", "kind"),
                    hint="remove `reasoning: false`: `auto` turns it on where it is needed",
                    because=(Because("turned off here", (*model.at, "features", "reasoning")),),
                )
