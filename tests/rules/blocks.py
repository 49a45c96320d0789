"""The examples in the documentation of rules: their files, and the marks under their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from stackspec.ir.record import record
from stackspec.regen.rules import FENCE, MARKS, unmarked

SPEC = "stack.yaml"
"""The name that the last file of an example gets."""
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_RUN = re.compile(r"\^+|-+")


@record
class Span:
    """Columns `start` to `end` of a line, both from 1; `end` is the first column after it."""

    file: str
    line: int
    start: int
    end: int


@record
class Example:
    """One runnable block with the files that it names, marks left out; `primary` and `secondary` are the marked spans."""

    files: tuple[tuple[str, str], ...]
    primary: tuple[Span, ...]
    secondary: tuple[Span, ...]

    def write(self, folder: Path) -> None:
        """Write all files of the example below a folder."""
        for name, text in self.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")


def sections(doc: str) -> dict[str, str]:
    """Return the text of each `##` section of a documentation."""
    parts = _SECTION.split(doc)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def examples(section: str) -> tuple[Example, ...]:
    """Return the examples of a section; a block after "With the file `name`:" belongs to the next one that has no name."""
    found: list[Example] = []
    files: list[tuple[str, str]] = []
    for match in FENCE.finditer(section):
        name = match.group(1)
        files.append((name or SPEC, match.group(2)))
        if name is None:
            found.append(_example(tuple(files)))
            files = []
    return tuple(found)


def _example(files: tuple[tuple[str, str], ...]) -> Example:
    marked = [found for name, text in files for found in marks(name, text)]
    plain = tuple((name, unmarked(text)) for name, text in files)
    return Example(
        plain, tuple(span for span, primary in marked if primary), tuple(span for span, primary in marked if not primary)
    )  # fmt: skip


def marks(file: str, text: str) -> Iterator[tuple[Span, bool]]:
    """Yield each marked span and whether it is primary: `^^^` or `---` in a comment below the line that it marks.

    A mark that touches the `#` covers its column too.
    """
    below = 0
    for line in text.splitlines():
        if not MARKS.match(line):
            below += 1
            continue
        hash_at = line.index("#")
        for run in _RUN.finditer(line):
            start = run.start() if run.start() != hash_at + 1 else hash_at
            yield Span(file, below, start + 1, run.end() + 1), run.group()[0] == "^"
