"""Speculation that leaves no token of a batch to schedule.

## Why
What a draft adds to a batch is set aside before anything is scheduled: until 0.32 for each sequence (one token with a draft model, or
all drafted ones where they are drafted in parallel), since 0.33.0 once. vLLM refuses to start where nothing is left.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 4096
    speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4}
#                                                                      -
    args: {max_num_batched_tokens: 4, max_num_seqs: 4}
#                                  ^
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
    context_length: 4096
    speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4}
    args: {max_num_batched_tokens: 8, max_num_seqs: 4}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_ONCE = (0, 33)
"""Since this release the room for drafts is no longer taken for each sequence."""
_TRAINED = frozenset({"eagle", "eagle3", "mtp", "draft_model"})


@rule("error", on="launches", reads=Reads(("speculative_config",), since="0.20.0", rows=(17,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the batch with what drafts take of it, where all of that is given."""
    tokens, drafted = launched.number("max_num_batched_tokens"), launched.number("speculative_config", "num_speculative_tokens")
    if tokens is None or drafted is None:
        return
    taken = _taken(launched, drafted)
    if taken is not None and 0 < tokens <= taken:
        place = launched.at("speculative_config", "num_speculative_tokens")
        yield Finding(
            f"drafts take {taken:g} tokens of a batch that has {tokens:g}",
            launched.at("max_num_batched_tokens"),
            hint=f"allow {taken + 1:g} tokens or more, or draft fewer",
            because=(Because(f"{drafted:g} drafted tokens", place if "args" in place else (*place, "tokens")),),
        )


def _taken(launched: Launched, drafted: float) -> float | None:
    """Return the tokens that drafts take of one batch; None where nobody here knows."""
    method, sequences = launched.word("speculative_config", "method"), launched.number("max_num_seqs")
    if numbers(launched.launch.version) >= _ONCE:
        return drafted if method in _TRAINED else drafted + 1 if method == "dflash" else None
    if sequences is None:
        return None
    if launched.on("speculative_config", "parallel_drafting"):
        return sequences * (drafted if method == "draft_model" else drafted - 1)
    return sequences if method == "draft_model" else None
