"""Random YAML documents with every style in them, and random edits of what they hold."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from stackspec.diagnostics import Delete, Rename, Set

KEYS: tuple[str, ...] = ("a", "b", "key", "max_len", "x-y", "q.r", "1", "no", "ключ", "two words", "it's")
WORDS = (
    "x",
    "word",
    "two words",
    "don't",
    'say "hi"',
    "8Gi",
    "12:30",
    "yes",
    "# no comment",
    "日本🎉",
    "a: b",
    "tail #",
    "1.30",
)
TEXTS = st.sampled_from(WORDS)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-5, 99999), st.sampled_from((0.5, 1.0)), TEXTS)
VALUES = (
    "1",
    "true",
    "null",
    "word",
    "two words",
    '"1.30"',
    "'x, y'",
    "{k: v}",
    "[1, 2]",
    "k: v",
    "128k",
    "{}",
    "a: b # c",
    "- 1\n- 2",
)


def trees(depth: int = 3) -> st.SearchStrategy[Any]:
    """Return plain data."""
    if depth == 0:
        return SCALARS
    inner = trees(depth - 1)
    maps = st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    return st.one_of(SCALARS, maps, maps, st.lists(inner, max_size=4))


class Writer:
    """Writes data as YAML in styles that `draw` chooses, with a comment of its own number wherever one may stand."""

    def __init__(self, draw: st.DrawFn, eol: str) -> None:
        self.draw = draw
        self.eol = eol
        self.comments = 0

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def comment(self) -> str:
        """Return a comment for the end of a line, or nothing."""
        if not self.chance(3):
            return ""
        self.comments += 1
        return f"  # comment {self.comments}."

    def between(self, indent: str) -> list[str]:
        """Return lines that stand between entries: blank ones, and comments."""
        lines: list[str] = []
        if self.chance(8):
            lines.append("")
        if self.chance(5):
            self.comments += 1
            lines.append(f"{indent}# comment {self.comments}.")
        return lines

    def document(self, data: dict[str, Any]) -> str:
        lines = self.block(data, "") if not self.chance(6) else [self.flow(data, ""), *self.between("")]
        text = self.eol.join(lines)
        return text if self.chance(4) else text + self.eol

    def block(self, data: Any, indent: str) -> list[str]:
        lines: list[str] = []
        items = list(data.items()) if isinstance(data, dict) else [(None, item) for item in data]
        for key, value in items:
            lines += self.between(indent)
            lines += self.entry(
                f"{indent}{self.scalar(key, key=True)}:" if key is not None else f"{indent}-", value, indent, key is None
            )
        return lines

    def entry(self, lead: str, value: Any, indent: str, item: bool) -> list[str]:
        """Return the lines of one entry after its key or dash."""
        deeper = indent + self.draw(st.sampled_from(("  ", "    ")))
        if isinstance(value, dict | list) and value and not self.chance(3):
            if item and self.chance(2):
                return self.inline(lead, value, indent + "  ")
            if isinstance(value, list) and not item and self.chance(3):
                deeper = indent
            return [lead + self.comment(), *self.block(value, deeper)]
        if isinstance(value, dict | list):
            return [f"{lead} {self.flow(value, deeper)}{self.comment()}"]
        if isinstance(value, str) and self.chance(5) and "#" not in value:
            return [
                f"{lead} {self.draw(st.sampled_from(('|', '|-', '>-', '|+')))}{self.comment()}",
                deeper + value,
                deeper + "more",
            ]
        if value is None and self.chance(2):
            return [lead + self.comment()]
        return [f"{lead} {self.scalar(value)}{self.comment()}"]

    def inline(self, lead: str, value: Any, indent: str) -> list[str]:
        """Return an item that begins on the line of its dash."""
        lines = self.block(value, indent)
        while not lines[0].strip() or lines[0].lstrip().startswith("#"):
            lines.pop(0)
        return [f"{lead} {lines[0][len(indent) :]}", *lines[1:]]

    def flow(self, data: Any, indent: str) -> str:
        if not isinstance(data, dict | list):
            return self.scalar(data, flow=True)
        inner = indent + "  "
        items = [self.flow(item, inner) for item in data] if isinstance(data, list) else [
            f"{self.scalar(key, key=True, flow=True)}: {self.flow(value, inner)}" for key, value in data.items()
        ]  # fmt: skip
        begin, end = "[]" if isinstance(data, list) else "{}"
        if items and self.chance(4):
            last = "," if self.chance(2) else ""
            lines = [item + ("," if place + 1 < len(items) else last) + self.comment() for place, item in enumerate(items)]
            return f"{begin}{self.comment()}{self.eol}" + "".join(f"{inner}{line}{self.eol}" for line in lines) + indent + end
        space = " " if self.chance(3) else ""
        return begin + space + ("," + (" " if not self.chance(6) else "  ")).join(items) + space + end

    def scalar(self, value: Any, *, key: bool = False, flow: bool = False) -> str:
        if value is None:
            return self.draw(st.sampled_from(("null", "~")))
        if not isinstance(value, str):
            return json.dumps(value)
        plain = (
            value.replace("-", "").replace("_", "").replace(".", "").isalnum()
            and (key or not value[0].isdigit())
            and value != "no"
        )
        styles = ["'" + value.replace("'", "''") + "'", json.dumps(value, ensure_ascii=False)]
        if plain or (not flow and value in ("two words", "don't", "8Gi", "12:30", "yes")):
            styles += [value, value, value]
        return self.draw(st.sampled_from(styles))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return the text of a document whose root is a mapping."""
    data: dict[str, Any] = draw(st.dictionaries(st.sampled_from(KEYS), trees(), min_size=1, max_size=5))
    writer = Writer(draw, draw(st.sampled_from(("\n", "\n", "\r\n"))))
    return writer.document(data)


@st.composite
def edits(draw: st.DrawFn, root: Any) -> Set | Delete | Rename:
    """Return an edit of something that is there, or a new key."""
    paths = [path for path, _ in walk(root)]
    path = draw(st.sampled_from(paths))
    kind = draw(st.sampled_from(("set", "insert", "delete", "rename")))
    if kind == "insert":
        maps = [(), *(path for path, value in walk(root) if isinstance(value, dict) or value is None)]
        extra = draw(st.sampled_from((("new",), ("new", "deep"), ("new key",))))
        return Set((*draw(st.sampled_from(maps)), *extra), draw(st.sampled_from(VALUES)))
    if kind == "rename" and isinstance(path[-1], str):
        return Rename(path, draw(st.sampled_from(("renamed", "re named", "2"))))
    if kind == "delete":
        return Delete(path)
    return Set(path, draw(st.sampled_from(VALUES)))


def walk(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """Return every node with its path."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [one for step, value in items for one in ((((*path, step), value)), *walk(value, (*path, step)))]
