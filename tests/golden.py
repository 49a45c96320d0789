"""Golden files: what a test makes is compared, byte by byte, with a file that people have read."""

import difflib
from pathlib import Path

import pytest


class Golden:
    """Files under one folder; `--update-golden` writes them, anything else compares."""

    def __init__(self, folder: Path, *, update: bool) -> None:
        self._folder = folder
        self._update = update

    def __call__(self, name: str, made: str | bytes) -> None:
        """Fail unless `made` is what the file `name`, a relative path with slashes, holds."""
        content = made.encode() if isinstance(made, str) else made
        path = self._folder / name
        if self._update:
            _write(path, content)
            return
        if not path.is_file():
            pytest.fail(f"{path} is not there: run pytest with --update-golden, then read what it wrote", pytrace=False)
        if path.read_bytes() != content:
            pytest.fail(f"{_diff(path, content)}\nif that is right: --update-golden", pytrace=False)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def _diff(path: Path, content: bytes) -> str:
    was, now = (text.decode(errors="backslashreplace").splitlines() for text in (path.read_bytes(), content))
    lines = list(difflib.unified_diff(was, now, str(path), "made by this run", lineterm=""))
    return "\n".join(lines) or f"{path}: only line ends differ"
