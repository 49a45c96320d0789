"""A `speculative_config` that does not say how many tokens to draft.

## Why
Only a draft that knows its own number (`n_predict` in its configuration) can do without `num_speculative_tokens`, and `suffix`, which
finds it as it goes. vLLM refuses any other.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, args: {speculative_config: {method: ngram, prompt_lookup_max: 4}}}
#                                                                  ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args: {speculative_config: {method: ngram, prompt_lookup_max: 4, num_speculative_tokens: 3}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts

_NEED = frozenset({"draft_model", "ngram", "ngram_gpu"})
_OWN = frozenset({"custom_class", "suffix"})


@rule("error", on="launches", reads=Reads((_drafts.CONFIG,), rows=(50,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report methods that need a number and have none; what the key `speculative` says is another rule's."""
    place, method = launched.at(_drafts.CONFIG), _drafts.method(launched)
    tokens = launched.value(_drafts.CONFIG, "num_speculative_tokens")
    if "args" not in place or method is None or tokens is not None or "spec_tokens" in launched.flags:
        return
    if method in _NEED or (method not in _OWN and launched.value(_drafts.CONFIG, "model") is None):
        written = launched.value(_drafts.CONFIG, "method") is not None
        yield Finding(
            f"`{method}` needs the number of tokens to draft at a time",
            (*place, "method") if written else place,
            hint="add `num_speculative_tokens`, such as 3",
        )
