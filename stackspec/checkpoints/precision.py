"""How a checkpoint's linear layers are stored: from what its configuration said (`stored`), else from the method's usual form."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.checkpoints.schemes import algorithm, plain
from stackspec.checkpoints.storage import numbers
from stackspec.checkpoints.words import Words, is_list, is_mapping, whole
from stackspec.ir.architecture import Precision, Quantization
from stackspec.ir.record import replace

_PARTS = {"attention", "dense"}


def quantization(words: Words) -> Quantization | None:
    """Return how the linear layers are stored, None where they have the checkpoint's own type."""
    method = words.facts.quantization
    if method is None:
        return None
    stored = words.get("stored")
    rows = stored if is_mapping(stored) else _usual(words, method)
    common = _precision(rows.get("*"))
    parts: dict[str, Precision | None] = {}
    layers: dict[int, dict[str, Precision | None]] = {}
    for name, row in rows.items():
        part, _, where = name.partition(" ")
        for at in numbers(where) if where else ():
            layers.setdefault(at, {})[part] = _precision(row)
        if not where and part != "*":
            parts[part] = _precision(row)
    if common is None:
        return None
    return Quantization(
        method=method, bits=common.bits, group=common.group, scale_bits=common.scale_bits, activation_bits=common.activation_bits,
        zero_bits=common.zero_bits, dense=not all(part in parts and parts[part] is None for part in _PARTS),
        head=parts.get("head") is not None, parts=parts, layers=layers,
    )  # fmt: skip


def _precision(row: object) -> Precision | None:
    if not is_list(row) or len(row) != 5:
        return None
    bits, group, scale, zero, activation = row
    if not isinstance(bits, (int, float)) or not whole(scale) or not whole(zero) or not whole(activation):
        return None
    return Precision(
        bits=bits, group=group if whole(group) else None, scale_bits=scale, zero_bits=zero, activation_bits=activation
    )


def _usual(words: Words, method: str) -> Mapping[str, object]:
    """What a method stores where only its name and flat words are known."""
    words.assumed["quantization_config"] = f"all linear layers of all layers, not the head: the usual form of {method}"
    name, group = words.get("quant_algo"), words.get("group_size")
    if isinstance(name, str) and (found := algorithm(name, group)) is not None:
        return {"*": found.row()}
    small = words.count("bits") == 4 or method in ("awq", "gptq", "marlin")
    given: dict[str, object] = {"quant_method": method, "bits": words.count("bits", otherwise=4 if small else 8)}
    given |= {"group_size": group} if group is not None else {"group_size": 128} if small else {}
    given |= {"weight_block_size": words.get("weight_block_size"), "sym": method not in ("awq", "gptq")}
    scheme = plain(method, given)
    if scheme is not None and scheme.bits == 8 and method == "compressed-tensors":
        scheme = replace(scheme, activation=8)
    return {"*": scheme.row() if scheme else None, **({"attention": None, "dense": None} if method == "mxfp4" else {})}
