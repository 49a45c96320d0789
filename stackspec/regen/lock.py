"""The JSON Schema of `stackspec.lock`, made from what its reader reads."""

from __future__ import annotations

import json
from pathlib import Path

from stackspec.pins import schema

ONLINE = False
ROOT = Path(__file__).resolve().parents[2]


def outputs() -> dict[Path, bytes]:
    """Return the schema file."""
    text = json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    return {ROOT / "schemas" / "lock-1.schema.json": text.encode()}
