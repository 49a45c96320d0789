"""Edits of one file → the hunks of a unified diff, made from the edits alone, so that it costs what they touch."""

from __future__ import annotations

from collections.abc import Sequence

from stackspec.places import Tree
from stackspec.report.located import FixEdit
from stackspec.report.redact import Mask, visible

CONTEXT = 3


def patch(tree: Tree, edits: Sequence[FixEdit], mask: Mask) -> str:
    """Return a unified diff, with secrets masked; such a patch is for reading only."""
    starts, lines = tree.source.starts, len(tree.source.starts)
    groups: list[list[FixEdit]] = []
    for edit in edits:
        if groups and edit.start.line - groups[-1][-1].end.line <= 2 * CONTEXT:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    shift = 0
    name = visible(tree.source.name)
    parts = [f"--- a/{name}", f"+++ b/{name}"]
    if starts[-1] == len(tree.source.text) and lines > 1:
        lines -= 1
    for group in groups:
        hunk, delta = _hunk(tree, group, lines, shift, mask)
        parts += hunk
        shift += delta
    return "\n".join(parts)


def _hunk(tree: Tree, edits: Sequence[FixEdit], lines: int, shift: int, mask: Mask) -> tuple[list[str], int]:
    text = tree.source.text
    first = min(edits[0].start.line, lines)
    last = max(first, min(edits[-1].end.line, lines))
    low, high = _begin(tree, first), _begin(tree, last + 1)
    parts: list[str] = []
    place = low
    for edit in edits:
        parts += [mask.quote(tree.source, place, tree.index(edit.start)), edit.text]
        place = tree.index(edit.end)
    old = mask.quote(tree.source, low, high).splitlines(keepends=True)
    new = "".join([*parts, mask.quote(tree.source, place, max(high, place))]).splitlines(keepends=True)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    above = mask.quote(tree.source, _begin(tree, max(1, first - CONTEXT)), low).splitlines(keepends=True) + old[:head]
    below = old[len(old) - tail :] + mask.quote(tree.source, high, _begin(tree, min(lines, last + CONTEXT) + 1)).splitlines(keepends=True)
    above, below = above[-CONTEXT:], below[:CONTEXT]
    gone, come = old[head : len(old) - tail], new[head : len(new) - tail]
    start = first + head - len(above)
    size = len(above) + len(below)
    body = [*(f" {line}" for line in above), *(f"-{line}" for line in gone), *(f"+{line}" for line in come), *(f" {line}" for line in below)]
    header = f"@@ -{start},{size + len(gone)} +{start + shift},{size + len(come)} @@"
    return [header, *map(_line, body)], len(come) - len(gone)


def _begin(tree: Tree, line: int) -> int:
    """Return where a line begins; the end of the text for lines below the last one."""
    starts = tree.source.starts
    return starts[line - 1] if line <= len(starts) else len(tree.source.text)


def _line(line: str) -> str:
    bare = line.rstrip("\r\n")
    end = "" if line.endswith(("\n", "\r")) else "\n\\ No newline at end of file"
    return bare[:1] + visible(bare[1:]) + end
