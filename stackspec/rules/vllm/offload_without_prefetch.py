"""Offloaded layers that are not fetched ahead.

## Why
Offloaded layers are copied back `offload_prefetch_step` layers ahead of their use. vLLM refuses 0 where layers are offloaded.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/offload.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {offload_group_size: 4, offload_prefetch_step: 0}}
#                                                                               -                         ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {offload_group_size: 4, offload_prefetch_step: 2}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("offload_prefetch_step",), since="0.17", rows=(88,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look at how far ahead layers are fetched, where they are offloaded in groups."""
    groups, step = launched.number("offload_group_size"), launched.number("offload_prefetch_step")
    if groups and step is not None and step < 1:
        yield Finding(
            f"offloaded layers are fetched {step:g} ahead",
            launched.at("offload_prefetch_step"),
            hint="write 1 or more",
            because=(Because("layers are offloaded", launched.at("offload_group_size")),),
        )
