"""Versions of engines as numbers, for everything that compares them."""

from __future__ import annotations

import re
from functools import cache


@cache
def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers, ignoring what follows them: `0.33.0rc1` and `v0.33.0` are 0.33.0."""
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])
