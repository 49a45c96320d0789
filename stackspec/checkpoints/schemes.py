"""What a quantization configuration says of the linear layers' numbers, method by method.

Read as vLLM's `model_executor/layers/quantization/*` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.checkpoints.words import is_list, is_mapping, whole
from stackspec.ir.record import record


@record
class Scheme:
    """How one linear layer is stored: bits a weight, the weights that share a scale (None: a channel or the tensor), the bits of a
    scale and of a zero point, and the bits of activations."""

    bits: float
    group: int | None = None
    scale: int = 16
    zero: int = 0
    activation: int = 16

    def row(self) -> list[float | int | None]:
        """Return the numbers in order, for a table."""
        return [self.bits, self.group, self.scale, self.zero, self.activation]


NVFP4 = Scheme(bits=4, group=16, scale=8, activation=4)
MXFP4 = Scheme(bits=4, group=32, scale=8)
FP8 = Scheme(bits=8, scale=32, activation=8)
INT8 = Scheme(bits=8, activation=8)

_ALGORITHMS = {
    "NVFP4": NVFP4, "W4A16_NVFP4": Scheme(bits=4, group=16, scale=8), "NVFP4_AWQ": NVFP4, "NVFP4_SVDQUANT": NVFP4,
    "FP8": FP8, "FP8_PER_CHANNEL_PER_TOKEN": FP8, "FP8_PB_WO": Scheme(bits=8, group=128 * 128, scale=32, activation=8),
    "FP8_PB_REAL": Scheme(bits=8, group=128 * 128, scale=32, activation=8), "MXFP8": Scheme(bits=8, group=32, scale=8, activation=8),
    "MXFP4": MXFP4, "W4A8_AWQ": Scheme(bits=4, group=128, activation=8), "INT4_AWQ": Scheme(bits=4, group=128),
    "W4A16_AWQ": Scheme(bits=4, group=128), "W4A16_GPTQ": Scheme(bits=4, group=128), "W8A16": Scheme(bits=8), "INT8_SQ": INT8,
    "W4A8_MXFP4_FP8": Scheme(bits=4, group=32, scale=8, activation=8), "W4A8_NVFP4_FP8": Scheme(bits=4, group=16, scale=8, activation=8),
}  # fmt: skip
"""modelopt's `quant_algo`."""
_TORCHAO = {"int4": 4.0, "uintx": 4.0, "int8": 8.0, "float8": 8.0, "nvfp4": 4.0, "mx": 4.0}


def algorithm(name: str, group: object = None) -> Scheme | None:
    """Return what one of modelopt's algorithms stores."""
    found = _ALGORITHMS.get(name.upper())
    if found is None or not (whole(group) and group > 0) or found.group is None or found.group > 4096:
        return found
    return Scheme(bits=found.bits, group=group, scale=found.scale, activation=found.activation)


def plain(method: str, given: Mapping[str, object]) -> Scheme | None:
    """Return the scheme of a method that has one for all linear layers; None where this cannot be read."""
    if method in ("fp8", "fbgemm_fp8", "ptpc_fp8", "fp_quant", "deepseek_v4_fp8"):
        return _fp8(given)
    if method in ("mxfp4", "gpt_oss_mxfp4"):
        return MXFP4
    if method in ("mxfp8",):
        return _ALGORITHMS["MXFP8"]
    if method in ("bitsandbytes",):
        eight = given.get("load_in_8bit") is True or given.get("_load_in_8bit") is True
        return Scheme(bits=8) if eight else Scheme(bits=4, group=64, scale=8 if given.get("bnb_4bit_use_double_quant") else 32)
    if method == "torchao":
        return _torchao(given)
    if method in ("experts_int8",):
        return Scheme(bits=8, scale=32)
    return _packed(given)


def _fp8(given: Mapping[str, object]) -> Scheme:
    blocks = given.get("weight_block_size")
    if is_list(blocks) and len(blocks) == 2 and whole(blocks[0]) and whole(blocks[1]) and min(blocks[0], blocks[1]) > 0:
        return Scheme(bits=8, group=blocks[0] * blocks[1], scale=8 if given.get("scale_fmt") == "ue8m0" else 32, activation=8)
    return FP8


def _packed(given: Mapping[str, object]) -> Scheme | None:
    """AWQ, GPTQ, AutoRound and what is stored like them."""
    bits = next((given[name] for name in ("bits", "w_bit", "wbits", "nbits", "weight_bits") if name in given), None)
    if isinstance(bits, bool) or not isinstance(bits, (int, float)) or not 0 < bits <= 16:
        return None
    group = next((given[name] for name in ("group_size", "q_group_size") if name in given), None)
    grouped = group if whole(group) and group > 0 else None
    symmetric = given.get("sym") is True and given.get("zero_point") is not True
    packed = given.get("quant_method") in (
        "gptq",
        "awq",
        "auto-round",
        "intel/auto-round",
        "auto_round",
        "awq_marlin",
        "gptq_marlin",
    )
    activation = given.get("act_bits")
    return Scheme(
        bits=bits, group=grouped, zero=int(bits) if packed or not symmetric else 0,
        activation=activation if whole(activation) and 0 < activation <= 16 else 16,
    )  # fmt: skip


def _torchao(given: Mapping[str, object]) -> Scheme | None:
    kind = given.get("quant_type")
    inner = kind.get("default") if is_mapping(kind) else kind
    data = inner.get("_data") if is_mapping(inner) else None
    name = str(inner.get("_type") if is_mapping(inner) else inner).lower()
    bits = next((bits for word, bits in _TORCHAO.items() if word in name), None)
    group = data.get("group_size") if is_mapping(data) else None
    if bits is None:
        return None
    grouped = group if whole(group) and group > 0 else (128 if bits < 8 else None)
    return Scheme(bits=bits, group=grouped, zero=int(bits) if "int4" in name else 0, activation=8 if "dynamic" in name else 16)


def group_of(weights: Mapping[str, object], activations: object, form: str = "") -> Scheme | None:
    """Return the scheme of one group of compressed-tensors, modelopt's copy of it, or quark's description of a tensor."""
    bits, size, strategy = weights.get("num_bits"), weights.get("group_size"), weights.get("strategy")
    if not (whole(bits) and 0 < bits <= 16):
        return None
    inputs = activations.get("num_bits") if is_mapping(activations) else None
    active = inputs if whole(inputs) and 0 < inputs <= 16 else 16
    grouped = size if whole(size) and size > 0 else None
    blocks = weights.get("block_structure")
    if (
        strategy == "block"
        and is_list(blocks)
        and len(blocks) == 2
        and whole(blocks[0])
        and whole(blocks[1])
        and blocks[0] > 0 < blocks[1]
    ):
        return Scheme(bits=bits, group=blocks[0] * blocks[1], scale=32, activation=active)
    small = bits == 4 and weights.get("type") == "float"
    zero = 0 if weights.get("symmetric") is not False else bits
    return Scheme(bits=bits, group=grouped, scale=8 if small and grouped else 16, zero=zero, activation=active)


def quark(given: Mapping[str, object]) -> Scheme | None:
    """Return the scheme of one of quark's descriptions (`weight`, `input_tensors`)."""
    weight = given.get("weight")
    first = weight[0] if is_list(weight) and weight else weight
    if not is_mapping(first):
        return None
    digits = "".join(letter for letter in str(first.get("dtype")).split("_")[0] if letter.isdigit())
    inputs = given.get("input_tensors")
    size = first.get("group_size")
    grouped = size if whole(size) and size > 0 and first.get("qscheme") == "per_group" else None
    if not digits or not 0 < int(digits) <= 16:
        return None
    return Scheme(bits=int(digits), group=grouped, scale=8 if first.get("scale_format") == "e8m0" else 32,
                  activation=int(digits) if is_mapping(inputs) else 16)  # fmt: skip
