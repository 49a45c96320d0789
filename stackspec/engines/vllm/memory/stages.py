"""Which layers a pipeline stage holds."""

from __future__ import annotations

from functools import cache


@cache
def bounds(layers: int, pipeline: int) -> tuple[tuple[int, int], ...]:
    """Return first layer and end of each stage: what does not divide goes to the stages before the last, from the back.

    Source: vllm 0.19.1, `distributed/utils.py`, get_pp_indices; `VLLM_PP_LAYER_PARTITION` is not read here.
    """
    least, more = divmod(layers, pipeline)
    counts = [least] * pipeline
    for back in range(2, more + 2):
        counts[-back] += 1
    ends = [sum(counts[: stage + 1]) for stage in range(pipeline)]
    return tuple((end - count, end) for end, count in zip(ends, counts, strict=True))
