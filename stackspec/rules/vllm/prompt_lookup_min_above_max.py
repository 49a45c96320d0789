"""The shortest match to look for is longer than the longest.

## Why
`ngram` looks in the text for the last `prompt_lookup_min` to `prompt_lookup_max` tokens. vLLM refuses a least length above the
greatest.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args: {speculative_config: {method: ngram, num_speculative_tokens: 4, prompt_lookup_min: 5, prompt_lookup_max: 2}}
#                                                                                            ^                     -
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
    args: {speculative_config: {method: ngram, num_speculative_tokens: 4, prompt_lookup_min: 2, prompt_lookup_max: 5}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts


@rule("error", on="launches", reads=Reads((_drafts.CONFIG,), rows=(52,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the two lengths where both are given."""
    least, most = (launched.number(_drafts.CONFIG, f"prompt_lookup_{end}") for end in ("min", "max"))
    ngram = _drafts.method(launched) in ("ngram", "ngram_gpu", "[ngram]")
    if ngram and least is not None and most is not None and 0 < most < least:
        yield Finding(
            f"matches of {least:g} tokens or more, and {most:g} or less",
            _drafts.at(launched, "prompt_lookup_min"),
            hint=f"use {most:g} or less",
            because=(Because(f"at most {most:g}", _drafts.at(launched, "prompt_lookup_max")),),
        )
