"""A path of a merged document → the characters to point at, by the marks of its nodes."""

from __future__ import annotations

from typing import Any

from stackspec.diagnostics import Span
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.places import children, is_flow
from stackspec.source import Map, Mark, Seq, Source


@record
class Spot:
    """What to underline, the node that it belongs to, and the whole value of that node."""

    source: Source
    start: int
    end: int
    node: tuple[int, int]
    whole: tuple[Source, int, int, Any]  # Any: YAML data

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells two places apart."""
        return self.source.name, self.start, self.end


def spot_of(source: Source, span: Span) -> Spot:
    """Return the place of a fault of the text itself."""
    return Spot(source, span.start, span.end, (-1, -1), (source, span.start, span.end, None))


def spot(document: Map | None, at: Path, on: str, source: Source) -> Spot:
    """Return the place of a path, or of the nearest node above it; `source` is where a document as a whole begins."""
    node: Any = document
    mark: Mark | None = None
    depth = 0
    for step in at:
        if isinstance(node, Map) and step in node:
            mark, node = node.marks[str(step)], node[str(step)]
        elif isinstance(node, Seq) and isinstance(step, int) and 0 <= step < len(node):
            mark, node = node.marks[step], node[step]
        else:
            break
        depth += 1
    if mark is None:
        return _top(document, source)
    exact = depth == len(at)
    start, end = _shown(mark, node, of_key=on == "key" and exact, item=isinstance(at[depth - 1], int))
    return Spot(mark[0], start, end, (mark[1], mark[3]), (mark[0], mark[3], mark[4], node))


def _top(document: Map | None, source: Source) -> Spot:
    """Return the first key of the document."""
    marks = [mark for mark in (document.marks.values() if document else ()) if mark[0].name == source.name]
    _, start, end, low, high = min(marks, key=lambda mark: mark[1], default=(source, 0, 0, 0, 0))
    return Spot(source, start, end, (start, low), (source, low, high, document))


def _shown(mark: Mark, node: Any, *, of_key: bool, item: bool) -> tuple[int, int]:
    """A scalar shows its value, a collection its key, an item that is a collection its first line, nothing at all its key."""
    source, key_start, key_end, start, end = mark
    text = source.text[start:end]
    if isinstance(node, Map | Seq) and item:
        return start, _first_line(source.text, node, start, end)
    if not item and (of_key or isinstance(node, Map | Seq) or not text.strip()):
        return key_start, key_end
    return start, start + len(text.rstrip())


def _first_line(text: str, node: Map | Seq, start: int, end: int) -> int:
    """Return the end of what an item of a list has on its first line, comments left out."""
    line = min((found for mark in "\r\n" if (found := text.find(mark, start, end)) >= 0), default=end)
    if line == end or is_flow(text, start) or text[start] == "*":
        return min(line, end)
    last = start
    for _, value, mark in children(node):
        if mark[1] >= line:
            break
        inner = mark[4] if mark[4] <= line else mark[2] if isinstance(value, Map) or mark[1] != mark[3] else line
        if isinstance(value, Map | Seq) and mark[4] > line and start <= mark[3] < line and not is_flow(text, mark[3]):
            inner = _first_line(text, value, mark[3], mark[4])
        last = max(last, min(inner, line))
    return max(last, min(start + 1, line))
