"""Least compute capability that each release of an engine wants for each quantization method, opened on first look-up."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from typing import Any

from stackspec.folders import beside, text

_FOLDER = beside(__file__, "engines")


@cache
def least_capability(engine: str, version: str, method: str) -> tuple[int, int] | None:
    """Return the least (major, minor) of NVIDIA accelerators, or None where nobody here knows.

    Between two releases of the table the answer is theirs where they agree; beyond the newest one there is none.
    """
    table = _table(engine)
    row = table.get("methods", {}).get(method)
    if row is None or not _numbers(version):
        return None
    releases = [_numbers(release) for release in table["releases"]]
    older = [index for index, release in enumerate(releases) if release <= _numbers(version)]
    newer = [index for index, release in enumerate(releases) if release >= _numbers(version)]
    if not older or not newer or row[older[-1]] != row[newer[0]] or row[newer[0]] is None:
        return None
    major, minor = row[newer[0]]
    return major, minor


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


@cache
def _table(engine: str) -> dict[str, Any]:  # Any: a JSON table
    path = os.path.join(_FOLDER, engine, "capabilities.json")
    if not re.fullmatch(r"[a-z0-9-]+", engine) or not os.path.isfile(path):
        return {}
    found: dict[str, Any] = json.loads(text(path))
    return found
