"""A task that waits for one that does not exist.

## Why
`after` names other tasks of the same team. A name that no task has would be waited for without end, or dropped, and the
order with it.

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
      gather: {agent: writer}
      answer: {agent: writer, after: [gahter]}
#                                     ^^^^^^
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
      answer: {agent: writer, after: [gather]}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Set, did_you_mean, nearest
from stackspec.ir.stack import Team
from stackspec.rules import rule


@rule("error", on="teams")
def check(team: Team) -> Iterator[Finding]:
    """Look up what each task waits for."""
    for task in team.tasks.values():
        for index, name in enumerate(task.after):
            if name not in team.tasks:
                at, known = (*task.at, "after", index), [other for other in team.tasks if other != task.name]
                best = nearest(name, known)
                yield Finding(
                    f"`{team.name}` has no task `{name}`",
                    at,
                    hint=did_you_mean(name, known),
                    fix=Fix((Set(at, best),), safe=False) if best else None,
                )
