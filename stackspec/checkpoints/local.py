"""A model on this machine: a `config.json`, or a folder with it and, where they are, the headers of its tensors."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from stackspec.checkpoints.config import facts, problems
from stackspec.checkpoints.tensors import components, header
from stackspec.checkpoints.words import is_mapping
from stackspec.ir.facts import ModelFacts
from stackspec.ir.record import record

_MOST_CONFIG = 16 << 20
_MOST_INDEX = 64 << 20
_MOST_HEADER = 100_000_000
"""The format allows no more."""
_INDEX = "model.safetensors.index.json"


@record
class Found:
    """What a path holds: facts, None where there is no readable configuration, and all that is wrong, each with its file."""

    facts: ModelFacts | None
    problems: tuple[str, ...] = ()


def read(path: str, name: str | None = None) -> Found:
    """Read the model at a path, a folder or its `config.json`; `name` is what the facts call it, by default the folder's name.

    Only the headers of tensors are read, whatever their files weigh. Never raises for what the files hold or lack.
    """
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    file = os.path.join(path, "config.json") if os.path.isdir(path) else path
    wrong: list[str] = []
    config = _json(file, _MOST_CONFIG, wrong)
    if config is None:
        return Found(None, tuple(wrong))
    quantization = os.path.join(folder, "hf_quant_config.json")
    if "quantization_config" not in config and os.path.isfile(quantization):
        config = {**config, "quantization_config": _json(quantization, _MOST_CONFIG, wrong) or {}}
    wrong.extend(f"{os.path.basename(file)}: {problem}" for problem in problems(config))
    called = name or os.path.basename(os.path.abspath(folder))
    made = facts(config, called)
    tensors = _tensors(folder, made.layers, wrong) if os.path.isdir(path) else {}
    return Found(facts(config, called, tensors), tuple(wrong))


def _json(file: str, most: int, wrong: list[str]) -> Mapping[str, object] | None:
    name = os.path.basename(file)
    try:
        with open(file, "rb") as opened:
            data = opened.read(most + 1)
        if len(data) > most:
            wrong.append(f"{name}: more than {most >> 20} MiB, which no such file has")
            return None
        found: object = json.loads(data)
    except OSError as error:
        wrong.append(f"{name}: cannot be read: {error.strerror}")
        return None
    except (ValueError, RecursionError) as error:
        wrong.append(f"{name}: is no JSON: {str(error)[:80]}")
        return None
    if not is_mapping(found):
        wrong.append(f"{name}: holds no mapping")
        return None
    return found


def _tensors(folder: str, layers: int | None, wrong: list[str]) -> dict[str, int]:
    """Return the bytes by component; nothing where a file is missing or damaged, because half a checkpoint says nothing."""
    before = len(wrong)
    sizes: dict[str, int] = {}
    for name in _files(folder, wrong):
        sizes.update(_header(os.path.join(folder, name), wrong))
    return components(sizes.items(), layers) if len(wrong) == before else {}


def _files(folder: str, wrong: list[str]) -> list[str]:
    if not os.path.isfile(os.path.join(folder, _INDEX)):
        found = sorted(name for name in os.listdir(folder) if name.endswith(".safetensors"))
        return [name for name in found if not name.startswith("consolidated")] or found
    index = _json(os.path.join(folder, _INDEX), _MOST_INDEX, wrong)
    if index is None:
        return []
    named = index.get("weight_map")
    if not is_mapping(named):
        wrong.append(f"{_INDEX}: weight_map: absent")
        return []
    files = sorted({str(name) for name in named.values()})
    odd = [name for name in files if os.path.basename(name) != name or not name.endswith(".safetensors")]
    missing = [name for name in files if name not in odd and not os.path.isfile(os.path.join(folder, name))]
    wrong.extend(f"{_INDEX}: weight_map: `{name[:80]}` is no file of tensors beside it" for name in odd)
    wrong.extend(f"{_INDEX}: weight_map: `{name[:80]}` is not there" for name in missing)
    return [name for name in files if name not in odd and name not in missing]


def _header(file: str, wrong: list[str]) -> dict[str, int]:
    name = os.path.basename(file)
    try:
        size = os.path.getsize(file)
        with open(file, "rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            if size < 8 or not 2 <= length <= min(_MOST_HEADER, size - 8):
                wrong.append(f"{name}: says a header of {length:,} bytes in a file of {size:,}: it is damaged or cut off")
                return {}
            content: object = json.loads(opened.read(length))
    except OSError as error:
        wrong.append(f"{name}: cannot be read: {error.strerror}")
        return {}
    except (ValueError, RecursionError):
        wrong.append(f"{name}: its header is no JSON: it is damaged")
        return {}
    if not is_mapping(content):
        wrong.append(f"{name}: its header holds no mapping: it is damaged")
        return {}
    sizes, faults = header(content, size - 8 - length)
    wrong.extend(f"{name}: {fault}" for fault in faults)
    return sizes
