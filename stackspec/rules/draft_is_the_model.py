"""A draft model that is the model itself.

## Why
Speculation pays because drafts cost little. A draft as large as the model doubles the work, and takes the memory of a second copy.
https://docs.vllm.ai/en/stable/features/spec_decode/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: Qwen/Qwen3-8B, speculative: {method: draft_model, model: Qwen/Qwen3-8B, tokens: 4}}}
#                      -------------                                            ^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: Qwen/Qwen3-8B, speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_METHODS = frozenset({"draft_model", "eagle", "eagle3"})


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the draft with the model."""
    for group, at in apart(model, lambda group: group.speculative and group.speculative.model):
        asked = group.speculative
        if asked is None or asked.model is None or model.source is None or asked.method not in _METHODS:
            continue
        if asked.model.location == model.source.location:
            yield Finding(
                f"`{model.name}` drafts with itself",
                (*at, "speculative", "model"),
                hint="name a small model of the same family",
                because=(Because("the same model", (*model.at, "model")),),
            )
