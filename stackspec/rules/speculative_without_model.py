"""Speculation that needs a draft model and has none, or has one that it does not use.

## Why
`draft_model`, `eagle` and `eagle3` run a second model; without it the engine refuses to start. `ngram` and `suffix` draft from
the text itself, and a model written there is never loaded.
https://docs.vllm.ai/en/stable/features/spec_decode/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: Qwen/Qwen3-32B, speculative: {method: eagle3, tokens: 3}, context_length: 8192}}
#                                                            ^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-32B, speculative: {method: eagle3, model: RedHatAI/Qwen3-32B-speculator.eagle3, tokens: 3}, context_length: 8192}
  other: {model: Qwen/Qwen3-32B, speculative: {method: ngram, tokens: 4}, context_length: 8192}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_NEED = frozenset({"draft_model", "eagle", "eagle3"})
_IGNORE = frozenset({"ngram", "suffix"})


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the method with whether a model is named."""
    for group, at in apart(model, lambda group: (group.speculative and group.speculative.method, group.args)):
        asked, place = group.speculative, (*at, "speculative")
        if asked is None or any(name.replace("-", "_").startswith("speculative_config") for name in group.args):
            continue
        if asked.method in _NEED and asked.model is None:
            message = f"`{asked.method}` drafts with a second model, and none is named"
            yield Finding(message, (*place, "method"), hint="add `model`, or use `ngram`, which needs none")
        elif asked.method in _IGNORE and asked.model is not None:
            because = (Because("drafts from the text itself", (*place, "method")),)
            message = f"`{asked.method}` loads no model: `{asked.model.text}` is never used"
            yield Finding(
                message, (*place, "model"), hint="remove `model`, or choose another method", because=because, severity="warning"
            )
