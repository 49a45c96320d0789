"""The quoted lines of one finding, with what is marked in them underlined; laid out as rustc and ruff do."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from stackspec.ir.record import record
from stackspec.report.cells import Cells, cells
from stackspec.report.located import Located, Place
from stackspec.report.paint import Painter
from stackspec.report.redact import visible

NEAR = 12
"""Lines between two places that still belong to one snippet."""
ELLIPSIS = "…"


@record
class Label:
    """One underlined place, and what is said about it."""

    place: Place
    text: str
    primary: bool


def snippets(found: Located, gutter: int, width: int, paint: Painter) -> list[str]:
    """Return the lines that quote all places of a finding."""
    labels = [Label(found.primary, "", True), *(Label(one.place, visible(one.message), False) for one in found.related)]
    lines: list[str] = []
    for number, group in enumerate(_groups(labels)):
        place = next((label.place for label in group if label.primary), group[0].place)
        arrow = "-->" if number == 0 else ":::"
        lines.append(f"{' ' * gutter}{paint(arrow, 'rule')} {visible(place.file)}:{place.start.line}:{place.start.column}")
        lines += _snippet(found, group, gutter, width, paint)
    return lines


def _groups(labels: Sequence[Label]) -> list[list[Label]]:
    """Put labels of the same file that are near each other together, the primary one first, others in the order they are given."""
    groups = [[labels[0]]]
    for label in labels[1:]:
        near = next((group for group in groups if any(_near(label.place, other.place) for other in group)), None)
        if near is None:
            groups.append([label])
        else:
            near.append(label)
    return groups


def _near(one: Place, other: Place) -> bool:
    return one.file == other.file and abs(one.start.line - other.start.line) <= NEAR


def _snippet(found: Located, labels: Sequence[Label], gutter: int, width: int, paint: Painter) -> list[str]:
    bar = paint("|", "rule")
    lines = [f"{' ' * gutter} {bar}"]
    last = 0
    for number in _lines(labels):
        if last and number > last + 1:
            lines.append(paint("...", "rule"))
        last = number
        here = [label for label in labels if label.place.start.line == number]
        line = cells(labels[0].place.tree, number, found.mask)
        low, high = _window(line, here, width - gutter - 3)
        quoted = _clipped(line, low, high)
        lines.append(f"{paint(str(number).rjust(gutter), 'rule')} {bar}{' ' if quoted else ''}{quoted}")
        for label in here:
            lines.append(f"{' ' * gutter} {bar} {_underline(line, label, (low, high), paint, found.severity)}")
    return lines


def _lines(labels: Sequence[Label]) -> list[int]:
    """Return the lines to quote: those with labels, and single ones in between."""
    numbers = sorted({label.place.start.line for label in labels})
    between = {low + 1 for low, high in itertools.pairwise(numbers) if high == low + 2}
    return sorted({*numbers, *between})


def _span(label: Label, line: Cells) -> tuple[int, int]:
    """Return what to underline in the first line of a place, as code points from 0."""
    start = label.place.start.column - 1
    last = len(line.shown)
    end = label.place.end.column - 1 if label.place.end.line == label.place.start.line else last
    return min(start, last), min(max(end, start), last)


def _window(line: Cells, labels: Iterable[Label], room: int) -> tuple[int, int]:
    """Return which code points of a line to show: all, or what is around the labels, the first of them above all."""
    size = len(line.shown)
    room = max(room, 20)
    spans = [_span(label, line) for label in labels]
    if line.columns[-1] <= room or not spans:
        return 0, _reach(line, 0, room)
    start, end = spans[0]
    together = (min(low for low, _ in spans), max(high for _, high in spans))
    if line.width(*together) <= room * 3 // 4:
        start, end = together
    low = start
    spare = max(room // 4, min(room // 2, (room - line.width(start, end)) // 2))
    while low > 0 and line.width(low - 1, start) <= spare:
        low -= 1
    high = _reach(line, low, room - 2)
    while high == size and low > 0 and line.width(low - 1, size) <= room - 2:
        low -= 1
    return low, high


def _reach(line: Cells, low: int, room: int) -> int:
    """Return how far a line goes on from `low` within the room that there is."""
    high = low
    while high < len(line.shown) and line.width(low, high + 1) <= room - (1 if high + 1 < len(line.shown) else 0):
        high += 1
    return high


def _clipped(line: Cells, low: int, high: int) -> str:
    text = line.text(low, high)
    return f"{ELLIPSIS if low else ''}{text}{ELLIPSIS if high < len(line.shown) else ''}".rstrip()


def _underline(line: Cells, label: Label, window: tuple[int, int], paint: Painter, severity: str) -> str:
    start, end = _span(label, line)
    low, high = window if window[1] < len(line.shown) else (window[0], max(end, len(line.shown)))
    lead = line.width(low, min(max(start, low), high)) + (1 if low else 0)
    marks = max(1, line.width(max(start, low), max(start, low, min(end, high))))
    text = ("^" if label.primary else "-") * marks + (f" {label.text}" if label.text else "")
    return " " * lead + paint(text, severity if label.primary else "rule")
