"""An agent that hands work to itself.

## Why
Work that is handed to oneself comes back unchanged, until the number of steps or tokens runs out.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents: {writer: {framework: crewai, model: chat, delegates_to: [writer]}}
#                                                                ^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents:
  writer: {framework: crewai, model: chat, delegates_to: [editor]}
  editor: {framework: crewai, model: chat, delegates_to: [writer]}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Agent
from stackspec.rules import rule


@rule("warning", on="agents")
def check(agent: Agent) -> Iterator[Finding]:
    """Look for an agent among those that it delegates to."""
    for index, name in enumerate(agent.delegates_to):
        if name == agent.name:
            yield Finding(f"`{name}` delegates to itself", (*agent.at, "delegates_to", index), hint="name another agent")
