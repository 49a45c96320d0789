"""A split that cuts through the blocks of a quantized checkpoint.

## Why
Block-wise fp8 has one scale for each block of 128 × 128 weights, and each rank should hold whole blocks. Where a layer's width over
the ranks is no multiple of the block, vLLM refuses to load the weights. Experts, which are split over tensor × data ranks unless
`expert: true` keeps them whole, are let pass since 0.29.0 if multiples of 32 fit: with finer scales, which only Triton's kernels take.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/model_executor/layers/quantization/utils/fp8_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models: {chat: {model: Qwen/Qwen3-4B-FP8, parallelism: {tensor: 8}}}
#                      -----------------                        ^
targets: {compose: {}}
```
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4}}}
models: {chat: {model: Qwen/Qwen3-30B-A3B-FP8, parallelism: {tensor: 4}}}
#                      ----------------------                        ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B-FP8, parallelism: {tensor: 4, expert: true}}
  small: {model: Qwen/Qwen3-4B-FP8, parallelism: {tensor: 4}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding, Severity
from stackspec.ir.facts import ModelFacts
from stackspec.rules import Launched, Reads, rule

_REFINED, _FINEST = (0, 29), 32
"""Since this release experts get finer scales, down to this block."""


@rule("error", on="launches", reads=Reads(("tensor_parallel_size", "data_parallel_size"), refused="start", rows=(30,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the width of a rank's part with the block of the checkpoint."""
    facts, parallel = launched.model.facts, launched.group.parallelism
    found = _width(facts) if facts and facts.quantization == "fp8" else None
    if facts is None or found is None or (facts.experts and parallel.expert):
        return
    width, block = found
    ranks = parallel.tensor * (parallel.data if facts.experts else 1)
    if ranks == 1 or width % (ranks * block) == 0:
        return
    good = [size for size in range(1, ranks) if width % (size * block) == 0 and (facts.heads or 0) % size == 0]
    refined = bool(facts.experts) and numbers(launched.launch.version) >= _REFINED and width % (ranks * _FINEST) == 0
    severity: Severity | None = "warning" if refined else None
    yield Finding(
        f"{'experts' if facts.experts else 'layers'} of width {width} over {ranks} ranks are {width / ranks:g} wide, no multiple of"
        f" the block of {block}" + (": only the slower kernels take them" if refined else ""),
        (*launched.group.at, "parallelism", "tensor" if parallel.tensor > 1 else "data"),
        hint=f"split over {', '.join(map(str, good))}" + (", or keep experts whole: `expert: true`" if facts.experts else ""),
        because=(Because(f"quantized in blocks of {block}", (*launched.model.at, "model")),),
        severity=severity,
    )


def _width(facts: ModelFacts) -> tuple[int, int] | None:
    """Return the width of the layers that are split, and the block of their scales; None where nobody here knows."""
    blocks, width = facts.details.get("weight_block_size"), facts.details.get("intermediate_size")
    if facts.experts:
        width = facts.details.get("moe_intermediate_size", width)
    if not isinstance(blocks, list | tuple) or not blocks or not isinstance(blocks[0], int) or not isinstance(width, int):
        return None
    return width, blocks[0]
