"""Tasks that wait for each other.

## Why
Each task begins when those that it comes `after` are done. In a circle none of them ever begins.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents: {writer: {framework: crewai, model: chat}}
teams:
  triage:
    framework: crewai
    members: [writer]
    tasks:
      gather: {agent: writer, after: [answer]}
#                             -----
      answer: {agent: writer, after: [gather]}
#                             ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents: {writer: {framework: crewai, model: chat}}
teams:
  triage:
    framework: crewai
    members: [writer]
    tasks:
      gather: {agent: writer}
      check: {agent: writer, after: [gather]}
      answer: {agent: writer, after: [gather, check]}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Team
from stackspec.rules import rule
from stackspec.rules._cycles import cycle


@rule("error", on="teams")
def check(team: Team) -> Iterator[Finding]:
    """Look for a circle among the tasks."""
    found = cycle({name: task.after for name, task in team.tasks.items()})
    if found:
        first, *others = found[:-1]
        yield Finding(
            f"tasks of `{team.name}` wait for each other: {' → '.join(found)}",
            (*team.tasks[first].at, "after"),
            on="key",
            hint="let one of them begin without the others",
            because=tuple(Because("and this one waits too", (*team.tasks[name].at, "after")) for name in others),
        )
