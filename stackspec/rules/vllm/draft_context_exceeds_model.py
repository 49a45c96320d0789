"""A draft that is to see more than the model.

## Why
`max_model_len` within `speculative_config` says how far the draft looks. vLLM refuses more than the draft's own length, and more than
the model's.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    context_length: 8192
#                   ----
    args:
      speculative_config:
        {method: eagle3, model: AngelSlim/Qwen3-8B_eagle3, num_speculative_tokens: 3, max_model_len: 16384}
#                                                                                                    ^^^^^
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
    context_length: 8192
    args:
      speculative_config:
        {method: eagle3, model: AngelSlim/Qwen3-8B_eagle3, num_speculative_tokens: 3, max_model_len: 8192}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts


@rule("error", on="launches", reads=Reads((_drafts.CONFIG,), rows=(54,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the draft's context with the model's."""
    asked = launched.number(_drafts.CONFIG, "max_model_len")
    context = launched.number("max_model_len")
    if asked is None or context is None or not 0 < context < asked or not _drafts.loads(launched):
        return
    place = _drafts.at(launched, "max_model_len")
    yield Finding(
        f"a draft that sees {asked:g} tokens, and a model that sees {context:g}",
        place,
        hint=f"use {context:g} or less, or leave it out",
        because=(Because(f"a context of {context:g}", launched.at("max_model_len")),),
        fix=Fix((Set(place, f"{context:g}"),)),
    )
