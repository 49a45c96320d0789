"""How a checkpoint's linear layers are stored, from the words of its quantization."""

from __future__ import annotations

from stackspec.checkpoints.words import is_list, whole
from stackspec.ir.architecture import Quantization
from stackspec.ir.facts import ModelFacts


def quantization(facts: ModelFacts) -> Quantization | None:
    """Return how the linear layers are stored, None where they have the checkpoint's own type."""
    method = facts.quantization
    if method is None:
        return None
    details = facts.details
    algorithm = str(details.get("quant_algo") or "").upper()
    blocks = details.get("weight_block_size")
    if method == "mxfp4":
        return Quantization(method=method, bits=4, group=32, scale_bits=8, dense=False)
    if "NVFP4" in algorithm or "FP4" in algorithm:
        return Quantization(method=method, bits=4, group=16, scale_bits=8, activation_bits=4)
    if method == "fp8" or "FP8" in algorithm:
        square = is_list(blocks) and len(blocks) == 2 and whole(blocks[0]) and whole(blocks[1])
        group = int(blocks[0]) * int(blocks[1]) if square else None  # type: ignore[index]  # `square` says it is a list of two
        return Quantization(method=method, bits=8, group=group, scale_bits=32, activation_bits=8)
    bits = details.get("bits")
    width = bits if whole(bits) else (4 if method in ("awq", "gptq") else 8)
    group = details.get("group_size")
    size = group if whole(group) and group > 0 else (128 if width < 8 else None)
    return Quantization(method=method, bits=width, group=size, activation_bits=16 if width < 8 else 8)
