"""Defaults of vLLM that changed from one release to another, where that matters to who runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stackspec.catalog.releases import numbers
from stackspec.engines import Changed
from stackspec.engines.vllm.coverage import KEYS
from stackspec.engines.vllm.release import read


def changed(before: str, after: str) -> Iterator[Changed]:
    """Yield what an option is where nobody gives it, before and after a change of release in either direction."""
    older, newer = sorted((numbers(before), numbers(after)))
    table: Mapping[str, Mapping[str, Any]] = read("defaults")  # Any: rows are JSON objects
    for row in sorted(table.values(), key=lambda row: (numbers(row["since"]), row["option"])):
        if older < numbers(row["since"]) <= newer:
            forward = numbers(before) == older
            now, then = (row["after"], row["before"]) if forward else (row["before"], row["after"])
            key = KEYS.get(row["option"], f"args.{row['option']}")
            keep = None if then is None else f"{key}: {json.dumps(then)}"
            effect = row["effect"] if forward else None
            yield Changed(row["option"], _told(then), _told(now), effect, keep, row.get("needs"))


def _told(value: Any) -> str:  # Any: JSON
    return "left to the engine" if value is None else f"`{json.dumps(value)}`"
