"""Two parts of a stack with one name on the network.

## Why
What runs is reached by its name: a Compose service, a Kubernetes Service. Models, tools, agents, teams and apps share
one network, so two of them with the same name are one host; the gateway is called `gateway` and the store of a corpus
has `-store` behind its name.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {support: {model: Qwen/Qwen3-4B}}
#        -------
agents: {support: {framework: langgraph, image: "ghcr.io/example/support:1.4.0", model: support}}
#        ^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {support: {model: Qwen/Qwen3-4B}}
agents: {support-agent: {framework: langgraph, image: "ghcr.io/example/support:1.4.0", model: support}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Model, Stack
from stackspec.rules import rule
from stackspec.rules._asked import each


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare the names of everything that is run here; under Compose lowering does, and plain processes have no names."""
    if stack.cluster.kind != "kubernetes":
        return
    seen: dict[str, tuple[str, Path]] = {}
    for kind, name, at in _run_here(stack):
        what, first = seen.setdefault(name, (kind, at))
        if first != at:
            yield Finding(
                f"{_a(what)} and {_a(kind)} would both answer to the name `{name}`",
                at,
                on="key",
                hint="rename one: every part is reached by its name",
                because=(Because(f"the {what}", first),),
            )


def _run_here(stack: Stack) -> Iterator[tuple[str, str, Path]]:
    if stack.gateway is not None:
        yield "gateway", "gateway", stack.gateway.at
    yield from (item for item in each(stack, "models", _model) if item)
    for corpus in stack.retrieval.values():
        if corpus.store.url is None:
            yield "store", f"{corpus.name}-store", corpus.store.at
    for kind, items in (("tool", stack.tools), ("agent", stack.agents), ("team", stack.teams), ("app", stack.apps)):
        for item in items.values():
            if item.image is not None:
                yield kind, item.name, item.at


def _model(model: Model) -> tuple[str, str, Path] | None:
    return ("model", model.name, model.at) if model.groups else None


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
