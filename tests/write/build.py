"""Small outputs for the tests of the writer, and what stands in a folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from stackspec.ir.artifact import File
from stackspec.write import Choice, Output, Provenance

MADE = Provenance(tool="0.1.0", catalog="2026-11-24", spec={"stack.yaml": "0" * 64})
OWN = ("stackspec.manifest.json",)


def output(
    folder: Path, files: Mapping[str, tuple[File, ...]], choice: Choice | None = None, made: Provenance = MADE
) -> Output:
    """Return an output below the folder of a test, whose project is next to it."""
    return Output(folder / "out", folder / "project", files, made, choice or Choice())


def text(path: str, content: str = "new\n", *environments: str, at: str = "models") -> File:
    """Return a generated file."""
    return File(path, content.encode(), environments, at=((at,),))


def scaffold(path: str, content: str = "yours\n") -> File:
    """Return a scaffold."""
    return File(path, content.encode(), ownership="scaffold")


def disk(folder: Path) -> dict[str, str]:
    """Return every file below `out` but the manifest, by path; folders that are empty end in a slash."""
    found: dict[str, str] = {}
    for base, folders, files in os.walk(folder / "out"):
        where = Path(base).relative_to(folder / "out")
        found |= {(where / name).as_posix(): Path(base, name).read_text(errors="replace") for name in files}
        if not folders and not files and where != Path():
            found[f"{where.as_posix()}/"] = ""
    return {path: content for path, content in found.items() if path not in OWN}
