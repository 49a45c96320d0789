"""Words about writing text on a model that writes none.

## Why
Sampling, tool calls, reasoning, structured output and speculation belong to answers that are written token by token. A model that
embeds, reranks or classifies ignores them, or refuses to start.
https://docs.vllm.ai/en/stable/models/pooling_models/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed, sampling: {temperature: 0.2}}}
#                                          -----  ^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed, context_length: 8192}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.ir.path import Path
from stackspec.ir.stack import Model, Sampling
from stackspec.rules import rule


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report words that only generation reads."""
    if model.task == "generate" or model.source is None:
        return
    for place, what in _written(model):
        yield Finding(
            f"`{model.name}` has the task {model.task} and writes no text, so {what} means nothing",
            place,
            hint=f"remove `{place[-1]}`",
            because=(Because(f"its task is {model.task}", (*model.at, "task")),),
            fix=Fix((Delete(place),)),
            on="key",
        )


def _written(model: Model) -> Iterator[tuple[Path, str]]:
    features = model.features
    if model.sampling != Sampling():
        yield (*model.at, "sampling"), "`sampling`"
    if features.tool_calling.asked == "on":
        yield (*model.at, "features", "tool_calling"), "`tool_calling`"
    if features.reasoning.asked == "on":
        yield (*model.at, "features", "reasoning"), "`reasoning`"
    if features.structured_output is not None:
        yield (*model.at, "features", "structured_output"), "`structured_output`"
    if any(group.speculative for group in model.groups):
        yield (*model.at, "speculative"), "speculation"
