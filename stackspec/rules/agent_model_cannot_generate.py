"""An agent whose model does not write.

## Why
An agent needs a model that answers a conversation. One whose task is to embed, to rerank or to classify refuses the
first call.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
#                                          -----
agents: {support: {framework: langgraph, model: embed}}
#                                               ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents: {support: {framework: langgraph, model: chat}}
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
    """Look at the task of the first model that each agent reaches; models of several tasks behind a route are another fault."""
    for agent in stack.agents.values():
        for reached in of_caller(stack, agent.caller, agent.at)[:1]:
            if reached.model.task == "generate":
                continue
            key = "route" if agent.caller and agent.caller.route else "model"
            yield Finding(
                f"`{agent.name}` needs a model that generates, and `{reached.model.name}` has the task {reached.model.task}",
                (*agent.at, key),
                hint="name one with `task: generate`" if key == "model" else "name a route to one with `task: generate`",
                because=(Because(f"its task is {reached.model.task}", (*reached.model.at, "task")),),
            )
