"""Blocks of the README that quote a file or a command: always what that file says and that command prints."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

ONLINE = False
ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"(<!-- (file|run): (.+?) -->\n```\w*\n)(.*?)(```\n)", re.DOTALL)


def outputs() -> dict[Path, bytes]:
    """Return the README with its blocks filled."""
    path = ROOT / "README.md"
    text = _BLOCK.sub(lambda found: f"{found[1]}{_content(found[2], found[3])}{found[5]}", path.read_text(encoding="utf-8"))
    return {path: text.encode()}


def _content(kind: str, what: str) -> str:
    return (ROOT / what).read_text(encoding="utf-8") if kind == "file" else printed(what)


def printed(command: str) -> str:
    """Return what a command of ours prints on standard output, run at the root of the checkout."""
    from stackspec.cli import main

    before, out = os.getcwd(), io.StringIO()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(out):
            main(shlex.split(command)[1:])
    finally:
        os.chdir(before)
    return out.getvalue()
