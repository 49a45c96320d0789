"""A step of a graph that waits for one that does not exist.

## Why
`after` names other steps of the same graph. A serving layer refuses a graph with an edge to nowhere.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, serving: kserve, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, guard: {model: Qwen/Qwen3Guard-Gen-0.6B}}
graphs: {guarded: {steps: {screen: {model: guard}, answer: {model: chat, after: [scren]}}}}
#                                                                                ^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, serving: kserve, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, guard: {model: Qwen/Qwen3Guard-Gen-0.6B}}
graphs: {guarded: {steps: {screen: {model: guard}, answer: {model: chat, after: [screen]}}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Set, did_you_mean, nearest
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look up what each step of each graph waits for."""
    for graph in stack.graphs.values():
        for step in graph.steps.values():
            for index, name in enumerate(step.after):
                if name not in graph.steps:
                    at, known = (*step.at, "after", index), [other for other in graph.steps if other != step.name]
                    best = nearest(name, known)
                    yield Finding(
                        f"`{graph.name}` has no step `{name}`",
                        at,
                        hint=did_you_mean(name, known),
                        fix=Fix((Set(at, best),), safe=False) if best else None,
                    )
