"""Translation between two vocabularies, where nothing translates.

## Why
`use_heterogeneous_vocab` translates the proposals of an independent draft model that picks the likeliest token. vLLM refuses it for
other methods, for a draft that samples, and beside `use_local_argmax_reduction`.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    args: {speculative_config: {method: ngram, num_speculative_tokens: 3, use_heterogeneous_vocab: true}}
#                                       -----                                                      ^^^^
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
      speculative_config: {method: draft_model, model: Qwen/Qwen3-0.6B, num_speculative_tokens: 3, use_heterogeneous_vocab: true}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts

_FIELD = "use_heterogeneous_vocab"


@rule("error", on="launches", reads=Reads((_drafts.CONFIG,), since="0.25.0", rows=(55,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report the switch beside what it does not work with."""
    if not launched.on(_drafts.CONFIG, _FIELD):
        return
    method, sampling = (launched.word(_drafts.CONFIG, name) for name in ("method", "draft_sample_method"))
    if method not in (None, "draft_model"):
        field, why = "method", f"`{method}` drafts without a vocabulary of its own"
    elif sampling not in (None, "greedy"):
        field, why = "draft_sample_method", f"a draft that samples ({sampling}) cannot be translated"
    elif launched.on(_drafts.CONFIG, "use_local_argmax_reduction"):
        field, why = "use_local_argmax_reduction", "translation needs all logits, and each rank keeps its best alone"
    else:
        return
    because = (Because("because of this", _drafts.at(launched, field)),)
    yield Finding(why, _drafts.at(launched, _FIELD), hint=f"remove `{_FIELD}`, or change `{field}`", because=because)
