"""A task for somebody who is not in the team.

## Why
A task is done by a member of its team. An agent that is not a member does not exist in the team's program, and the
program does not start.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents:
  researcher: {framework: crewai, model: chat}
  writer: {framework: crewai, model: chat}
teams:
  triage:
    framework: crewai
    members: [researcher]
#   -------
    tasks: {answer: {agent: writer, expects: A reply}}
#                           ^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents:
  researcher: {framework: crewai, model: chat}
  writer: {framework: crewai, model: chat}
teams:
  triage:
    framework: crewai
    members: [researcher, writer]
    tasks: {answer: {agent: writer, expects: A reply}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Team
from stackspec.rules import rule


@rule("error", on="teams")
def check(team: Team) -> Iterator[Finding]:
    """Look up who does each task among the members."""
    for task in team.tasks.values():
        if task.agent not in team.members:
            yield Finding(
                f"`{task.agent}` is no member of `{team.name}`",
                (*task.at, "agent"),
                hint=f"add it to `members`, or choose {' or '.join(f'`{name}`' for name in team.members)}",
                because=(Because("the members", (*team.at, "members")),),
            )
