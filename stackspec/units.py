"""Quantities of the language: bytes, tokens, CPUs, durations."""

from __future__ import annotations

from typing import Final

GIB: Final = 1024**3
_FACTORS: Final = {
    "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50,
}  # fmt: skip
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def amount(text: str) -> int:
    """Return a quantity of bytes or tokens as a whole number, rounded down; raises ValueError for another shape."""
    number, suffix = _split(text)
    if suffix and suffix not in _FACTORS:
        raise ValueError(text)
    factor = _FACTORS.get(suffix, 1)
    return int(number) * factor if number.isdigit() else int(float(number) * factor)


def cpus(text: str) -> float:
    """Return a number of CPUs, `500m` being half of one; raises ValueError for another shape."""
    return float(text[:-1]) / 1000 if text.endswith("m") else float(text)


def seconds(text: str) -> float:
    """Return a duration in seconds; raises ValueError for another shape."""
    number, suffix = _split(text)
    if suffix not in _SECONDS:
        raise ValueError(text)
    return round(float(number) * _SECONDS[suffix], 6)


def gib(value: float) -> str:
    """Format bytes as GiB with two decimals."""
    return f"{value / GIB:.2f} GiB"


def bytes_text(value: int) -> str:
    """Format bytes as the shortest exact Kubernetes quantity with a binary suffix."""
    for suffix in ("Pi", "Ti", "Gi", "Mi", "Ki"):
        if value and value % _FACTORS[suffix] == 0:
            return f"{value // _FACTORS[suffix]}{suffix}"
    return str(value)


def duration_text(value: float) -> str:
    """Format seconds as the language writes them: `300s`, or `1500ms` where they are not whole."""
    return f"{int(value)}s" if value == int(value) else f"{round(value * 1000)}ms"


def _split(text: str) -> tuple[str, str]:
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return number, text[len(number) :]
