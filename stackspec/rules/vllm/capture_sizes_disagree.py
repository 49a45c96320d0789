"""A largest CUDA graph that is not the largest of those that are captured.

## Why
`cudagraph_capture_sizes` lists the batch sizes whose CUDA graphs are captured and `max_cudagraph_capture_size` is the largest. vLLM
refuses both where they disagree. Sizes above `max_num_batched_tokens` do not count.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    args: {cudagraph_capture_sizes: [1, 2, 4], max_cudagraph_capture_size: 8}
#          -----------------------                                         ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {cudagraph_capture_sizes: [1, 2, 4]}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_SIZES, _LARGEST = "cudagraph_capture_sizes", "max_cudagraph_capture_size"


@rule("error", on="launches", reads=Reads((_LARGEST, "compilation_config"), since="0.11.1", rows=(81,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the largest size with the list, where graphs are captured at all."""
    listed, largest = _given(launched, _SIZES), _given(launched, _LARGEST)
    if listed is None or largest is None or launched.group.pool.accelerator is None or _off(launched):
        return
    value, sizes = launched.number(*largest), launched.value(*listed)
    if value is None or not isinstance(sizes, list) or not sizes:
        return
    numbers = [size for size in sizes if isinstance(size, int)]
    tokens = launched.number("max_num_batched_tokens")
    most = max((size for size in numbers if tokens is None or size <= tokens), default=0)
    if len(numbers) < len(sizes) or value == most or (tokens is None and value in numbers):
        return  # where nobody says how many tokens a batch has, the larger sizes may not count
    yield Finding(
        f"the largest CUDA graph is to have {value:g} tokens, and the largest that is captured has {most}",
        launched.at(*largest),
        hint="remove one of the two",
        because=(Because("what is captured", launched.at(*listed)),),
    )


def _given(launched: Launched, name: str) -> tuple[str, ...] | None:
    for form in ((name,), ("compilation_config", name)):
        if launched.value(*form) is not None:
            return form
    return None


def _off(launched: Launched) -> bool:
    """Tell whether CUDA graphs are off, or may be by a level of optimisation that nobody here knows."""
    fields = launched.value("compilation_config")
    own = isinstance(fields, dict) and not {"cudagraph_mode", "mode", "level"}.isdisjoint(fields)
    return own or launched.on("enforce_eager") or "optimization_level" in launched.flags
