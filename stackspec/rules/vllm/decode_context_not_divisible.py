"""A tensor split that the decode context split does not divide.

## Why
Decode context parallelism uses the tensor ranks again, in groups of equal size: the tensor split must be a multiple of it, or vLLM
refuses to start.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4}}}
models:
  chat: {model: Qwen/Qwen3-4B, parallelism: {tensor: 4}, args: {decode_context_parallel_size: 3}}
#                                                    -                                        ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, parallelism: {tensor: 8}, args: {decode_context_parallel_size: 2}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("decode_context_parallel_size",), since="0.10.2", rows=(11,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Divide the tensor ranks by the split; since 0.26.0 a prefill context split has its own rule."""
    size, tensor = launched.number("decode_context_parallel_size"), launched.number("tensor_parallel_size") or 1
    apart = (launched.number("prefill_context_parallel_size") or 1) > 1 and numbers(launched.launch.version) >= (0, 26)
    if size is None or size < 1 or apart or tensor % size == 0:
        return
    given = "tensor_parallel_size" in launched.flags
    yield Finding(
        f"{tensor:g} tensor ranks cannot be split into groups of {size:g}",
        launched.at("decode_context_parallel_size"),
        hint=f"use {', '.join(str(good) for good in range(1, int(tensor) + 1) if tensor % good == 0)}",
        because=(Because(f"{tensor:g} tensor ranks", launched.at("tensor_parallel_size")),) if given else (),
    )
