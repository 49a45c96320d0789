"""Versions of engines as numbers, for everything that compares them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache


@cache
def numbers(version: str) -> tuple[int, ...]:
    """Return a version as three numbers, ignoring what follows them: `0.33`, `0.33.0rc1` and `v0.33.0` are 0.33.0."""
    found = [int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3]]
    return (*found, *[0] * (3 - len(found)))


def judge(version: str, known: Sequence[str]) -> str:
    """Return which of the known releases, oldest first, judges another one: the nearest older, else the oldest."""
    return next((other for other in reversed(known) if numbers(other) <= numbers(version)), known[0])
