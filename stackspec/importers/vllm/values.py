"""Words as typed values, never otherwise than they would be read back from the spec."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TypeGuard

from stackspec.ir.stack import Json

VARIABLE = re.compile(r"\$(?:\{[^}]*\}|\([^)]*\)|[A-Za-z_][A-Za-z0-9_]*|[0-9@*#])")
"""A variable that nobody has filled in."""
_HUMAN = re.compile(r"(\d+(?:\.\d+)?)([kKmMgGtT])")
_FACTORS = {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_INTEGER = re.compile(r"[+-]?\d{1,30}")
_DEEPEST = 40


def is_table(value: object) -> TypeGuard[dict[object, object]]:
    """Tell whether parsed data is a mapping."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Tell whether parsed data is a list."""
    return isinstance(value, list)


def typed(text: str, kind: str) -> Json:
    """Return a word as the option's type reads it; text that is no such value, such as `$TP`, stays text."""
    word = text.strip()
    if kind == "human-int" and (found := human(word)) is not None:
        return found
    if kind in ("int", "human-int") and _INTEGER.fullmatch(word):
        return int(word)
    if kind == "float" and (fraction := _float(word)) is not None:
        return fraction
    if kind == "any":
        return _alike(text)
    return text


def human(text: str) -> int | None:
    """Return a whole number with an optional suffix, small letters decimal and capital ones binary; None for anything else."""
    if _INTEGER.fullmatch(text):
        return int(text)
    found = _HUMAN.fullmatch(text)
    if not found or (found[2] in "KMGT" and "." in found[1]):
        return None
    return int(float(found[1]) * _FACTORS[found[2]])


def number(value: Json) -> int | float | None:
    """Return a value as a number, None where it is none."""
    if isinstance(value, (int, float)):
        return None if isinstance(value, bool) else value
    if not isinstance(value, str):
        return None
    whole = human(value.strip())
    return whole if whole is not None else _float(value)


def _float(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _alike(text: str) -> Json:
    """Return a number only where it is spelled as it would be written again."""
    if _INTEGER.fullmatch(text) and str(int(text)) == text:
        return int(text)
    found = _float(text)
    return found if found is not None and repr(found) == text else text


def keepable(value: Json, depth: int = 0) -> bool:
    """Tell whether a spec keeps a value as it is: no null in a mapping (it would remove the key), no `x-…` key, no huge number."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, Mapping):
        return all(
            key and not key.startswith("x-") and key not in ("<<",) and item is not None and keepable(item, depth + 1)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return all(item is not None and keepable(item, depth + 1) for item in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or abs(value) < 2**63
