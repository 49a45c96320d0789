"""Fewer tokens in a batch than sequences.

## Why
`max_num_batched_tokens` is what one step may process in all, and each running sequence takes at least one token of it. vLLM refuses
a batch that is smaller than `max_num_seqs`.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/scheduler.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {max_num_batched_tokens: 256, max_num_seqs: 512}}
#                                                                                   ^^^                ---
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {max_num_batched_tokens: 512, max_num_seqs: 512}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("max_num_batched_tokens",), rows=(14,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the two limits where both are given."""
    tokens, sequences = launched.number("max_num_batched_tokens"), launched.number("max_num_seqs")
    if tokens is not None and sequences is not None and 0 < tokens < sequences:
        yield Finding(
            f"{tokens:g} tokens in a batch, and {sequences:g} sequences that take at least one each",
            launched.at("max_num_batched_tokens"),
            hint=f"allow {sequences:g} tokens or more, or fewer sequences",
            because=(Because(f"up to {sequences:g} sequences", launched.at("max_num_seqs")),),
        )
