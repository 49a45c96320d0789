"""A team whose members speak another framework.

## Why
A team is one program of one framework, and its members are objects in it. An agent of another framework cannot be one
of them.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents: {researcher: {framework: langgraph, model: chat}}
#                                ---------
teams: {triage: {framework: crewai, members: [researcher]}}
#                                             ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents: {researcher: {framework: crewai, model: chat}}
teams: {triage: {framework: crewai, members: [researcher]}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare the framework of each team with those of its members."""
    for team in stack.teams.values():
        for index, name in enumerate(team.members):
            agent = stack.agents[name]
            if agent.framework != team.framework:
                yield Finding(
                    f"`{name}` is an agent of {agent.framework}, and the team `{team.name}` is of {team.framework}",
                    (*team.at, "members", index),
                    hint="give both the same framework",
                    because=(Because(f"of {agent.framework}", (*agent.at, "framework")),),
                )
