"""Drafting with the model's own further layers, which it does not have.

## Why
`mtp` drafts with layers of the checkpoint that predict more than the next token. Most models were trained without, and vLLM refuses
the method for them.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat: {model: Qwen/Qwen3-8B, args: {speculative_config: {method: mtp, num_speculative_tokens: 1}}}
#               -------------                                      ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat: {model: Qwen/Qwen3-8B, args: {speculative_config: {method: ngram, num_speculative_tokens: 3}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts, _models


@rule("error", on="launches", reads=Reads((_drafts.CONFIG,), since="0.11.1", rows=(51,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report the method where the architecture is known to have no such layers."""
    facts = launched.model.facts
    if _drafts.method(launched) != "mtp" or launched.value(_drafts.CONFIG, "model") is not None:
        return
    if facts is not None and facts.architecture in _models.TEXT:
        yield Finding(
            f"{facts.architecture} has no layers that predict further tokens",
            _drafts.at(launched, "method"),
            hint="use `ngram`, or a draft for this model",
            because=(Because("predicts the next token alone", (*launched.model.at, "model")),),
        )
