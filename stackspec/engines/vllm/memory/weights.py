"""Bytes of weights on one rank of each pipeline stage, from the bytes of the whole checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from stackspec.checkpoints.weights import Weights
from stackspec.checkpoints.weights import weights as checkpoint
from stackspec.engines.vllm.memory.run import Run
from stackspec.engines.vllm.memory.settings import Settings, computed_in
from stackspec.engines.vllm.memory.stages import bounds
from stackspec.ir.architecture import Architecture, Experts, Latent, Layer, Quantization
from stackspec.ir.fit import Interval, Part
from stackspec.ir.record import replace
from stackspec.sizing.cache import BYTES
from stackspec.sizing.shards import share

_EIGHT_BIT = ("fp8", "fp8_per_tensor", "fp8_per_block", "experts_int8", "int8_per_channel_weight_only", "mxfp8", "modelopt")
_DRAFTED = ("mtp", "deepseek_mtp", "qwen3_next_mtp", "mimo_mtp", "glm4_moe_mtp", "ernie_mtp", "longcat_flash_mtp", "eagle")
"""Methods of speculation whose layers stand in the model's own checkpoint."""


def parts(run: Run, given: Settings) -> tuple[Part, ...]:
    """Return the weights of one rank of each stage."""
    made = typed(run.architecture, str(run.options.get("dtype", "auto")), str(run.options.get("quantization", "")))
    whole = checkpoint(made)
    scale = run.weights / whole.total() if run.weights and whole.total() else 1.0
    return tuple(_part(run, given, made, whole, stage, scale) for stage in range(run.parallelism.pipeline))


@cache
def _typed(key: int, dtype: str, quantization: str) -> Architecture:
    made = _seen[key]
    if (asked := computed_in(made.dtype, dtype)) != made.dtype:
        scale = BYTES.get(asked, 2.0) / BYTES.get(made.dtype, 2.0)
        exact = {} if made.quantization else {name: round(size * scale) for name, size in made.tensors.items()}
        made = replace(made, dtype=asked, tensors=exact)
    if made.quantization is None and quantization in _EIGHT_BIT:
        made = replace(made, quantization=Quantization(method=quantization, bits=8, activation_bits=8), tensors={})
    return made


_seen: dict[int, Architecture] = {}


def typed(made: Architecture, dtype: str, quantization: str) -> Architecture:
    """Return a model in the type and precision that the launch asks for; the same asking gives the same object."""
    _seen[id(made)] = made
    return _typed(id(made), dtype, quantization)


def _part(run: Run, given: Settings, made: Architecture, whole: Weights, stage: int, scale: float) -> Part:
    tensor, spread = run.parallelism.tensor, run.parallelism.tensor * run.parallelism.data
    first, last = bounds(len(made.layers), run.parallelism.pipeline)[stage]
    found: dict[str, float] = {}
    for layer, sizes in zip(made.layers[first:last], whole.layers[first:last], strict=True):
        _add(found, layer, sizes, made.hidden, tensor, spread)
    _ends(found, run, made, whole, stage)
    if stage == run.parallelism.pipeline - 1 and drafts(run):
        _drafted(found, made, whole, tensor, spread)
    found = {name: size * scale for name, size in found.items()}
    found |= _added(made, made.layers[first:last], tensor, given, found)
    size = sum(found.values())
    return Part("weights", _resident(_interval(size, made, found), given.offload), of=tuple(found.items()))


def _resident(size: Interval, offload: float) -> Interval:
    """Return what stays on the accelerator: whole tensors go to host memory until `cpu_offload_gb` is reached.

    Source: vllm 0.24.0, `model_executor/offloader/uva.py`.
    """
    return Interval(*(max(0.0, end - offload) for end in (size.low, size.estimate, size.high)))


def drafts(run: Run) -> int:
    """Return how many layers of the checkpoint are loaded for drafting."""
    config = run.options.get("speculative_config")
    method = config.get("method") if isinstance(config, dict) else None
    return len(run.architecture.draft) if method in _DRAFTED and run.draft is None else 0


def _add(found: dict[str, float], layer: Layer, sizes: Mapping[str, int], hidden: int, tensor: int, spread: int) -> None:
    shares = share(layer, hidden, tensor, spread)
    for name, size in sizes.items():
        found[name] = found.get(name, 0.0) + size * shares.get(name, 1.0)


def _drafted(found: dict[str, float], made: Architecture, whole: Weights, tensor: int, spread: int) -> None:
    own: dict[str, float] = {}
    for layer, sizes in zip(made.draft, whole.draft, strict=False):
        _add(own, layer, sizes, made.hidden, tensor, spread)
    found["draft"] = sum(own.values())


def _ends(found: dict[str, float], run: Run, made: Architecture, whole: Weights, stage: int) -> None:
    """Add embedding, encoders and head: on the first and last stage; a tied head is a second copy where they are two."""
    tensor, last = run.parallelism.tensor, run.parallelism.pipeline - 1
    if stage == 0:
        found["embedding"] = whole.embedding / tensor
        if whole.towers:
            found["tower"] = whole.towers / (1 if run.options.get("mm_encoder_tp_mode") == "data" else tensor)
    if stage == last:
        found["head"] = (whole.embedding if made.tied and last else whole.head) / tensor
        found["other"] = found.get("other", 0.0) + whole.other


def _added(
    made: Architecture, layers: tuple[Layer, ...], tensor: int, given: Settings, found: dict[str, float]
) -> dict[str, float]:
    """Return what loading adds: rotary tables, absorbed matrices of latent attention, padded experts.

    Source: vllm 0.19.1, `layers/rotary_embedding/base.py`, _compute_cos_sin_cache; `layers/attention/mla_attention.py`,
    process_weights_after_loading.
    """
    rotary = (
        (made.max_context or 0)
        * max((_rotary(layer) for layer in {id(layer): layer for layer in layers}.values()), default=0)
        * given.element
    )
    absorbed = sum(
        layer.mixer.kv_rank * layer.mixer.heads * (layer.mixer.nope_dim + layer.mixer.value_dim) * 2 / tensor
        for layer in layers
        if isinstance(layer.mixer, Latent) and layer.mixer.compress == 1 and layer.mixer.window is None
    )
    padded = found.get("experts", 0.0) * _padding(made, tensor)
    return {name: size for name, size in (("rotary", rotary), ("absorbed", absorbed), ("padding", padded)) if size}


def _rotary(layer: Layer) -> int:
    mixer = layer.mixer
    return 0 if mixer is None else getattr(mixer, "rope_dim", 0) or getattr(mixer, "head_dim", 0)


def _padding(made: Architecture, tensor: int) -> float:
    """Return by how much mxfp4 experts grow: their width is padded to 256. Source: vllm 0.11.2, `layers/quantization/mxfp4.py`."""
    if made.quantization is None or made.quantization.method != "mxfp4":
        return 0.0
    width = next((layer.mlp.intermediate / tensor for layer in made.layers if isinstance(layer.mlp, Experts)), 0.0)
    return (-(-width // 256) * 256 / width - 1) if width else 0.0


def _interval(size: float, made: Architecture, found: dict[str, float]) -> Interval:
    """Loaders add copies of small tensors and rounding; packed formats differ by kernels, more where nobody told their groups."""
    less, more = (0.015, 0.025) if made.quantization else (0.002, 0.006)
    if made.quantization and "quantization_config" in made.assumed:
        less, more = (0.04, 0.14) if made.quantization.bits < 8 else (0.02, 0.05)
    return Interval(size * (1 - less) - found.get("padding", 0.0), size, size * (1 + more))
