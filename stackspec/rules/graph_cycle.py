"""Steps of a graph that wait for each other.

## Why
An inference graph is run from its first steps to its last. In a circle there is no first one, and serving layers refuse
it.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, serving: kserve, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, guard: {model: Qwen/Qwen3Guard-Gen-0.6B}}
graphs:
  guarded:
    steps:
      screen: {model: guard, after: [answer]}
#                            -----
      answer: {model: chat, after: [screen]}
#                           ^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, serving: kserve, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, guard: {model: Qwen/Qwen3Guard-Gen-0.6B}}
graphs:
  guarded:
    steps:
      screen: {model: guard}
      answer: {model: chat, after: [screen]}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._cycles import cycle


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for a circle among the steps of each graph."""
    for graph in stack.graphs.values():
        found = cycle({name: step.after for name, step in graph.steps.items()})
        if found:
            first, *others = found[:-1]
            yield Finding(
                f"steps of `{graph.name}` wait for each other: {' → '.join(found)}",
                (*graph.steps[first].at, "after"),
                on="key",
                hint="let one of them begin without the others",
                because=tuple(Because("and this one waits too", (*graph.steps[name].at, "after")) for name in others),
            )
