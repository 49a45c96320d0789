"""A source line as a terminal shows it: what each code point becomes, and how wide that is."""

from __future__ import annotations

from stackspec.ir.record import record
from stackspec.places import Tree
from stackspec.report.redact import MASK, Mask, visible

TAB = "    "


@record
class Cells:
    """What each code point of a line is shown as, and the column at which it begins; there is one column more than there is text."""

    shown: tuple[str, ...]
    columns: tuple[int, ...]

    def text(self, start: int, end: int) -> str:
        """Return the code points from `start` to `end` as shown."""
        return "".join(self.shown[start:end])

    def width(self, start: int, end: int) -> int:
        """Return how many columns the code points from `start` to `end` take."""
        last = len(self.shown)
        return self.columns[min(end, last)] - self.columns[min(start, last)]


def cells(tree: Tree, line: int, mask: Mask) -> Cells:
    """Return a line of a source, counted from 1, with its secrets masked."""
    source = tree.source
    text = source.line(line)
    start = source.starts[line - 1]
    hidden = mask.hidden(source, start, start + len(text))
    if text.isascii() and text.isprintable() and not hidden:
        return Cells(tuple(text), tuple(range(len(text) + 1)))
    shown = [TAB if char == "\t" else visible(char) for char in text]
    for low, high in hidden:
        shown[low - start : high - start] = [MASK, *[""] * (high - low - 1)]
    return Cells(tuple(shown), _columns(text, shown))


def _columns(text: str, shown: list[str]) -> tuple[int, ...]:
    columns = [0]
    joined = False
    for char, cell in zip(text, shown, strict=True):
        width = 0 if joined and char == cell else sum(map(_width, cell))
        width += 1 if char == "\ufe0f" and len(columns) > 1 and columns[-1] - columns[-2] == 1 else 0
        joined = char == "\u200d"
        columns.append(columns[-1] + width)
    return tuple(columns)


def _width(char: str) -> int:
    """Return how many columns a character takes in a terminal."""
    if char.isascii():
        return 1
    import unicodedata

    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf") or "\U0001f3fb" <= char <= "\U0001f3ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def width(text: str) -> int:
    """Return how many columns a text takes in a terminal."""
    return len(text) if text.isascii() else _columns(text, list(text))[-1]
