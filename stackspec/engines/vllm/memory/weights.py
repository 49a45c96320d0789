"""Bytes of weights on the ranks of each pipeline stage."""

from __future__ import annotations

from stackspec.engines.vllm.memory.run import Run
from stackspec.engines.vllm.memory.stages import stages
from stackspec.ir.architecture import Architecture, Layer, Quantization
from stackspec.ir.fit import Interval, Part
from stackspec.sizing.cache import BYTES
from stackspec.sizing.intervals import spread
from stackspec.sizing.shards import shards

_PADDING = 64
"""The vocabulary is padded to a multiple of this. Source: vllm 0.19.1, `layers/vocab_parallel_embedding.py`, DEFAULT_VOCAB_PADDING_SIZE."""


def weights(run: Run, element: float) -> tuple[Part, ...]:
    """Return the weights of one rank of each stage."""
    scale = _scale(run, element)
    return tuple(
        _part(run, element, at, layers, scale) for at, layers in enumerate(stages(run.architecture, run.parallelism.pipeline))
    )


def _part(run: Run, element: float, stage: int, layers: tuple[Layer, ...], scale: float) -> Part:
    tensor = run.parallelism.tensor
    found = stage_bytes(run.architecture, layers, tensor, tensor * run.parallelism.data, element)
    found |= _ends(run.architecture, stage, run.parallelism.pipeline, tensor, element)
    size = sum(found.values()) * scale
    return Part(
        "weights", spread(size, size * 0.01, size * 0.02), of=tuple((name, value * scale) for name, value in found.items())
    )


def stage_bytes(
    made: Architecture, layers: tuple[Layer, ...], tensor: int, expert_ranks: int, element: float
) -> dict[str, float]:
    """Return bytes by component of some layers on one rank."""
    found: dict[str, float] = {}
    for layer in layers:
        for name, shard in shards(layer, made.hidden, tensor, expert_ranks).items():
            found[name] = found.get(name, 0.0) + shard.rank * stored(made.quantization, name, element)
    return found


def stored(quantization: Quantization | None, component: str, element: float) -> float:
    """Return the bytes of one weight of a component."""
    if quantization is None or component in ("norms", "router", "embedding", "tower"):
        return element
    if (component == "head" and not quantization.head) or (component != "experts" and not quantization.dense):
        return element
    scale = quantization.scale_bits / 8 / quantization.group if quantization.group else 0.0
    return quantization.bits / 8 + scale


def _ends(made: Architecture, stage: int, pipeline: int, tensor: int, element: float) -> dict[str, float]:
    """Return embedding and head: on the first and last stage, one tensor for both where they are tied and on one stage."""
    rows = -(-made.vocabulary // _PADDING) * _PADDING
    size = rows * made.hidden / tensor
    found: dict[str, float] = {}
    if stage == 0:
        found["embedding"] = size * element
        if made.towers:
            found["tower"] = sum(tower.parameters for tower in made.towers) * element
    if stage == pipeline - 1 and not (made.tied and pipeline == 1):
        found["head"] = size * stored(made.quantization, "head", element)
    return found


def _scale(run: Run, element: float) -> float:
    """Return what the arithmetic must be multiplied with to give the checkpoint's bytes where somebody measured them."""
    if run.weights is None:
        return 1.0
    made = run.architecture
    whole = sum(stage_bytes(made, made.layers, 1, 1, element).values()) + sum(_ends(made, 0, 1, 1, element).values())
    return run.weights / whole if whole else 1.0


def dtype_bytes(name: str) -> float:
    """Return the bytes of one number of a type."""
    return BYTES.get(name, 2.0)


def interval(size: float) -> Interval:
    """Return weights with what loaders add: alignment, scales, copies of small tensors."""
    return spread(size, size * 0.01, size * 0.02)
