"""Which layers a pipeline stage holds."""

from __future__ import annotations

from stackspec.ir.architecture import Architecture, Layer


def stages(architecture: Architecture, pipeline: int) -> tuple[tuple[Layer, ...], ...]:
    """Return the layers of each stage: what does not divide goes to the stages before the last, from the back.

    Source: vllm 0.19.1, `distributed/utils.py`, get_pp_indices; `VLLM_PP_LAYER_PARTITION` is not read here.
    """
    least, more = divmod(len(architecture.layers), pipeline)
    counts = [least] * pipeline
    for back in range(2, more + 2):
        counts[-back] += 1
    found: list[tuple[Layer, ...]] = []
    start = 0
    for count in counts:
        found.append(architecture.layers[start : start + count])
        start += count
    return tuple(found)
