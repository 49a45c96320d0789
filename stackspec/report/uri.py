"""File names as the references that SARIF and browsers take."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def uri(file: str) -> str:
    """Return a relative reference, or a `file:` URI for an absolute name."""
    name = file.replace("\\", "/") if _DRIVE.match(file) or "/" not in file else file
    if _DRIVE.match(name):
        return f"file:///{quote(name, safe='/:')}"
    if name.startswith("/"):
        return f"file://{quote(name)}"
    return quote(str(PurePosixPath(name)))
