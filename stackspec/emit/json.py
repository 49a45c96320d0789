"""Plain data → JSON: keys sorted, two blanks of indent, a line end at the end."""

from __future__ import annotations

import json


def dump(data: object) -> str:
    """Return a document; raises TypeError for what JSON cannot be and ValueError for a number that is not finite."""
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
