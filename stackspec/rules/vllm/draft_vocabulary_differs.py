"""A draft that numbers its tokens differently.

## Why
An independent draft model proposes tokens by their numbers, so it must have the model's vocabulary. vLLM compares the sizes and refuses
a difference, unless `use_heterogeneous_vocab` translates between the two.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: Qwen/Qwen3-8B
#          -------------
    args:
      speculative_config: {method: draft_model, model: meta-llama/Llama-3.2-1B-Instruct, num_speculative_tokens: 3}
#                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    args:
      speculative_config: {method: draft_model, model: Qwen/Qwen3-0.6B, num_speculative_tokens: 3}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec import catalog
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts


@rule("error", on="launches", reads=Reads((_drafts.CONFIG,), since="0.15.0", rows=(55,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the sizes of the two vocabularies where both are known."""
    name, facts = launched.word(_drafts.CONFIG, "model"), launched.model.facts
    bridged = launched.on(_drafts.CONFIG, "use_heterogeneous_vocab")
    if name is None or facts is None or bridged or launched.word(_drafts.CONFIG, "method") != "draft_model":
        return
    draft = catalog.model(name)
    own, other = facts.vocabulary, draft.vocabulary if draft else None
    if own is None or other is None or own == other:
        return
    yield Finding(
        f"{name} has {other} tokens, and {facts.name} {own}",
        _drafts.at(launched, "model"),
        hint="take a smaller model of the same family",
        because=(Because(f"{own} tokens", (*launched.model.at, "model")),),
    )
