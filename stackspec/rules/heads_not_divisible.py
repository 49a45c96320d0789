"""A tensor split that does not divide the attention heads.

## Why
Each tensor-parallel rank holds an equal share of the attention heads. The engine refuses to start where the number of heads is no
multiple of the split; key and value heads must divide evenly too, or be fewer than the ranks and divide them, so that each rank
holds a copy.
https://github.com/vllm-project/vllm/issues/2652

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models: {chat: {model: Qwen/Qwen3-8B, parallelism: {tensor: 3}}}
#                      -------------                        ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models: {chat: {model: Qwen/Qwen3-8B, parallelism: {tensor: 4}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Group, Model
from stackspec.rules import rule


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare heads and key/value heads with the tensor split of each group."""
    if model.facts is None or model.facts.heads is None:
        return
    for group in model.groups:
        finding = _uneven(model, group, model.facts.heads, model.facts.kv_heads)
        if finding is not None:
            yield finding


def _uneven(model: Model, group: Group, heads: int, kv_heads: int | None) -> Finding | None:
    tensor = group.parallelism.tensor
    if divides(tensor, heads, kv_heads):
        return None
    good = [size for size in range(1, min(heads, 64) + 1) if divides(size, heads, kv_heads)]
    what, count = ("attention heads", heads) if heads % tensor else ("key/value heads", kv_heads)
    return Finding(
        f"{count} {what} cannot be split over {tensor} ranks",
        (*group.at, "parallelism", "tensor"),
        hint=f"use {', '.join(str(size) for size in good)}",
        because=(Because(f"this model has {count} {what}", (*model.at, "model")),),
    )


def divides(tensor: int, heads: int, kv_heads: int | None) -> bool:
    """Tell whether a model can be split over `tensor` ranks."""
    return heads % tensor == 0 and (kv_heads is None or kv_heads % tensor == 0 or tensor % kv_heads == 0)
