"""More active sequences than sequences.

## Why
`max_num_active_seqs` is how many of the `max_num_seqs` sequences of a batch are worked on at once. vLLM refuses to start where it
is the larger one.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/scheduler.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {max_num_active_seqs: 64, max_num_seqs: 32}}
#                                                                                ^^                --
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {max_num_active_seqs: 32, max_num_seqs: 32}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("max_num_active_seqs",), since="0.31.0", rows=(15,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the two numbers where both are given."""
    active, sequences = launched.number("max_num_active_seqs"), launched.number("max_num_seqs")
    if active is not None and sequences is not None and active > sequences:
        yield Finding(
            f"{active:g} active sequences of {sequences:g}",
            launched.at("max_num_active_seqs"),
            hint=f"allow at most {sequences:g}",
            because=(Because(f"up to {sequences:g} sequences", launched.at("max_num_seqs")),),
        )
