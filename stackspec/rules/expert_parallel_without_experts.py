"""Expert parallelism for a model without experts.

## Why
`expert: true` spreads experts over ranks. A dense model has none, and vLLM refuses to start.
https://docs.vllm.ai/en/stable/serving/expert_parallel_deployment/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 2, expert: true}}}
#                      --------------                                   ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-30B-A3B, parallelism: {tensor: 2, expert: true}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._dense import DENSE
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report expert parallelism where the architecture is known to be dense."""
    facts = model.facts
    if facts is None or facts.experts or facts.architecture not in DENSE:
        return
    for group, at in apart(model, lambda group: group.parallelism.expert):
        if group.parallelism.expert:
            place = (*at, "parallelism", "expert")
            yield Finding(
                f"`{model.name}` is a dense model ({facts.architecture}): it has no experts to spread",
                place,
                hint="remove `expert: true`",
                because=(Because("a model without experts", (*model.at, "model")),),
                fix=Fix((Delete(place),), safe=True),
            )
