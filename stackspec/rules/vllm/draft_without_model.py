"""A `speculative_config` that names no draft, and a method that loads one.

## Why
`draft_model`, `eagle`, `eagle3` and their kin run a second model. vLLM refuses them without its name.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat: {model: Qwen/Qwen3-8B, args: {speculative_config: {method: eagle3, num_speculative_tokens: 3}}}
#                                                                  ^^^^^^
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
    args: {speculative_config: {method: eagle3, model: AngelSlim/Qwen3-8B_eagle3, num_speculative_tokens: 3}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts

_NEED = frozenset({"dflash", "draft_model", "eagle", "eagle3", "medusa", "mlp_speculator"})


@rule("error", on="launches", reads=Reads((_drafts.CONFIG,), rows=(51,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report methods that load a draft and name none; what the key `speculative` says is another rule's."""
    place, method = launched.at(_drafts.CONFIG), _drafts.method(launched)
    named = launched.value(_drafts.CONFIG, "model") is not None or "spec_model" in launched.flags
    if "args" not in place or method not in _NEED or named:
        return
    written = launched.value(_drafts.CONFIG, "method") is not None
    yield Finding(
        f"`{method}` drafts with a second model, and none is named",
        (*place, "method") if written else place,
        hint="add `model`, or use `ngram`, which needs none",
    )
