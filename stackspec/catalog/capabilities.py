"""Releases as numbers, for tables that hold spans of them."""

from __future__ import annotations

import re


def numbers(release: str) -> tuple[int, ...]:
    """Return a version as numbers: `v0.33.0rc1` is 0.33.0."""
    return tuple(int(part) for part in re.findall(r"\d+", release.partition("+")[0])[:3])
