"""Run by an interpreter that has transformers: prints, as JSON, the defaults of every language model's configuration class.

A pattern of layer types is printed as its shortest unit, where one repeats over any number of layers.
"""

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

transformers: Any = importlib.import_module("transformers")  # Any: not a dependency; the interpreter that runs this has it
MAPPING: Any = importlib.import_module("transformers.models.auto.configuration_auto").CONFIG_MAPPING
StrictDataclassError: Any = importlib.import_module("huggingface_hub.errors").StrictDataclassError

_LAYERS = 96
_LISTS = ("layer_types", "mlp_layer_types")
_TOWER = frozenset(sys.argv[3].split(","))
_SIZES = ("hidden_size", "num_attention_heads", "num_hidden_layers", "intermediate_size")
"""What a default must not follow: where it does, the class derives it, and our own code has to."""


def main() -> None:
    """Print a mapping of model types."""
    transformers.logging.set_verbosity_error()
    names, kept = frozenset(sys.argv[1].split(",")), frozenset(sys.argv[2].split(","))
    found = {model_type: _row(MAPPING[model_type], names, kept) for model_type in sorted(MAPPING)}
    json.dump({"version": transformers.__version__, "rows": {name: row for name, row in found.items() if row}}, sys.stdout)


def _row(cls: Any, names: frozenset[str], kept: frozenset[str]) -> dict[str, Any] | None:  # Any: classes of transformers
    made = _made(cls)
    if made is None:
        return None
    renamed: dict[str, str] = getattr(cls, "attribute_map", {})
    values = _values(made, kept, renamed)
    sizes = {name: values[name] for name in _SIZES if isinstance(values.get(name), int)}
    for size, number in sizes.items():
        changed = _made(cls, **{size: 2 * number})
        found = values if changed is None else _values(changed, kept, renamed)
        values = {name: value for name, value in values.items() if name == size or found[name] == value}
    row: dict[str, Any] = {name: value for name, value in values.items() if isinstance(value, (bool, int, str)) and value != ""}
    row |= {name: unit for name in _LISTS if (unit := _unit(cls, name)) is not None}
    aliases = {alias: name for name, alias in renamed.items() if name in names | kept and alias != name}
    text = getattr(getattr(made, "text_config", None), "model_type", None)
    row |= {"aliases": aliases} if aliases else {}
    row |= {"text": text} if text else {}
    for tower in ("vision", "audio") if text or "vocab_size" in row else ():
        held = getattr(made, f"{tower}_config", None)
        numbers = {} if held is None or isinstance(held, dict) else _numbers(held.to_dict())
        row |= {tower: numbers} if numbers else {}
    return row if text or "vocab_size" in row else None


def _values(made: Any, kept: frozenset[str], renamed: dict[str, str]) -> dict[str, Any]:  # Any: likewise
    held = made.to_dict()
    return {name: held.get(name, held.get(renamed.get(name, name))) for name in sorted(kept - set(_LISTS))}


def _numbers(held: dict[str, Any]) -> dict[str, Any]:  # Any: likewise
    """The shape of an encoder: its positive numbers, without those of training."""
    return {name: value for name, value in held.items() if name in _TOWER and isinstance(value, (int, float)) and value > 0}


def _made(cls: Any, **values: int) -> Any:
    """Some classes cannot be made without values of their own."""
    try:
        made = cls(**values)
        return made if made.to_dict() else None
    except (ValueError, TypeError, KeyError, AttributeError, NotImplementedError, StrictDataclassError):
        return None


def _unit(cls: Any, name: str) -> list[str] | None:
    made = _made(cls, num_hidden_layers=_LAYERS)
    found = None if made is None else made.to_dict().get(name)
    if not isinstance(found, list) or len(found) != _LAYERS:
        return None
    whole = [str(kind) for kind in found]
    sizes = (size for size in range(1, 13) if whole == (whole[:size] * _LAYERS)[:_LAYERS])
    size = next(sizes, None)
    return None if size is None else whole[:size]


if __name__ == "__main__":
    main()
