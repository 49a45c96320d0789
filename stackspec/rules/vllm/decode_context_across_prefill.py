"""A decode context split that neither matches nor spans the prefill context split.

## Why
With prefill context parallelism on, the decode context split is off, as large as it, or as large as tensor × prefill: vLLM refuses to
start with any other number.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    parallelism: {tensor: 2}
    args: {decode_context_parallel_size: 3, prefill_context_parallel_size: 2}
#                                        ^                                 -
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    parallelism: {tensor: 2}
    args: {prefill_context_parallel_size: 1, decode_context_parallel_size: 1}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_NAME = "prefill_context_parallel_size"


@rule("error", on="launches", reads=Reads((_NAME,), since="0.26.0", rows=(11,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the decode context split with the three sizes that go together with a prefill context split."""
    size, prefill = launched.number("decode_context_parallel_size"), launched.number(_NAME) or 1
    legal = (1, prefill, (launched.number("tensor_parallel_size") or 1) * prefill)
    if prefill > 1 and size is not None and size >= 1 and size not in legal:
        yield Finding(
            f"a decode context split of {size:g} beside a prefill context split of {prefill:g}",
            launched.at("decode_context_parallel_size"),
            hint=f"use {', '.join(f'{good:g}' for good in dict.fromkeys(legal))}",
            because=(Because(f"a prefill context split of {prefill:g}", launched.at(_NAME)),),
        )
