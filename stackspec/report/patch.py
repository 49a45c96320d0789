"""Edits of one file → the hunks of a unified diff, made from the edits alone, so that it costs what they touch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stackspec.edits import common
from stackspec.places import Tree
from stackspec.report.located import FixEdit
from stackspec.report.redact import Mask, visible

CONTEXT = 3


def patch(tree: Tree, edits: Sequence[FixEdit], mask: Mask) -> str:
    """Return a unified diff; where a line that changes holds a secret, it is masked, and the patch is for reading only."""
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
    """Return one hunk, and by how much it moves the lines below it."""
    first = min(edits[0].start.line, lines)
    last = max(first, min(edits[-1].end.line, lines))
    low, high = _begin(tree, first), _begin(tree, last + 1)
    old = _lines(mask.quote(tree.source, low, high))
    new = _lines(_edited(tree, edits, low, high, mask))
    head, tail = common(old, new)
    above = [*_context(tree, range(first - 1, max(0, first - 1 - CONTEXT), -1), mask)[::-1], *old[:head]]
    below = [*old[len(old) - tail :], *_context(tree, range(last + 1, min(lines, last + CONTEXT) + 1), mask)]
    gone, come = old[head : len(old) - tail], new[head : len(new) - tail]
    start = first + head - len(above[-CONTEXT:])
    size = len(above[-CONTEXT:]) + len(below[:CONTEXT])
    parts = ((" ", above[-CONTEXT:]), ("-", gone), ("+", come), (" ", below[:CONTEXT]))
    header = f"@@ -{start},{size + len(gone)} +{start + shift},{size + len(come)} @@"
    return [header, *(_line(mark + line) for mark, part in parts for line in part)], len(come) - len(gone)


def _context(tree: Tree, numbers: range, mask: Mask) -> list[str]:
    """Return lines around a change, nearest first, up to one that holds a secret: the patch could not be applied with it masked."""
    lines: list[str] = []
    for number in numbers:
        start, end = _begin(tree, number), _begin(tree, number + 1)
        if mask.hidden(tree.source, start, end):
            break
        lines.append(tree.source.text[start:end])
    return lines


def _edited(tree: Tree, edits: Sequence[FixEdit], low: int, high: int, mask: Mask) -> str:
    parts: list[str] = []
    for edit in edits:
        parts += [mask.quote(tree.source, low, tree.index(edit.start)), edit.text]
        low = tree.index(edit.end)
    return "".join([*parts, mask.quote(tree.source, low, max(high, low))])


def _lines(text: str) -> list[str]:
    """Split text at the line breaks that a source has, and keep them."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text)


def _begin(tree: Tree, line: int) -> int:
    """Return where a line begins; the end of the text for lines below the last one."""
    starts = tree.source.starts
    return starts[line - 1] if line <= len(starts) else len(tree.source.text)


def _line(line: str) -> str:
    bare = line.rstrip("\r\n")
    end = "" if line.endswith(("\n", "\r")) else "\n\\ No newline at end of file"
    return bare[:1] + "\t".join(map(visible, bare[1:].split("\t"))) + end
