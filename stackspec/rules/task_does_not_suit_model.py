"""A model that is asked to generate and was not made for it.

## Why
Embedding and reranking models have no head that writes text. Their `task` says what they are for; the default is `generate`, and the
engine refuses it where the architecture cannot.
https://docs.vllm.ai/en/stable/models/pooling_models/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3}}
#        ^^^^^          -----------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.stack import Model
from stackspec.rules import rule

_WRITES = ("ForCausalLM", "ForConditionalGeneration")


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the task with what the model was made for; one that can write all the same is a warning."""
    facts = model.facts
    if model.source is None or facts is None or model.task != "generate" or facts.task in (None, "generate"):
        return
    place = (*model.at, "task")
    writes = facts.architecture is None or facts.architecture.endswith(_WRITES)
    yield Finding(
        f"`{model.name}` has the task generate, and {facts.name} was made to {facts.task}",
        place,
        hint=f"add `task: {facts.task}`",
        because=(Because(f"a model to {facts.task}", (*model.at, "model")),),
        fix=Fix((Set(place, facts.task or ""),)),
        severity="warning" if writes else None,
        on="key",
    )
