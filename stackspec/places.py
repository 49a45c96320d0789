"""Where everything stands in one file: its own nodes in order of the text, and lines, columns and byte offsets."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Iterator
from typing import Any

from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.source import Faulty, Map, Mark, Seq, Source, load

PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s*)+")
"""Anchor and tag in front of a node."""


@record
class Position:
    """Line and column, from 1 in code points, and the offset in UTF-8 bytes of the file."""

    line: int
    column: int
    offset: int


@record
class Node:
    """One entry of a mapping or item of a list, as written; `above` is the number of the node around it, -1 at the top."""

    path: Path
    value: Any  # YAML data
    mark: Mark
    above: int

    @property
    def start(self) -> int:
        """Where the key begins, or the item of a list."""
        return self.mark[1]

    @property
    def end(self) -> int:
        """Where the value ends, without the blank lines that a block takes with it."""
        return self.mark[4]


class Tree:
    """The nodes of one source, read again when first asked for; empty where the text cannot be read."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @functools.cached_property
    def root(self) -> Map | None:
        """The document as written, before anything is merged into it."""
        try:
            return load(self.source)[0]
        except Faulty:
            return None

    @functools.cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes, outer ones first, in the order of the text; what an alias repeats is not walked twice."""
        found: list[Node] = []
        if self.root is not None:
            _collect(self.root, (), -1, self.source.text, found)
        return tuple(found)

    @functools.cached_property
    def numbers(self) -> dict[tuple[int, int], int]:
        """Number of the node by the starts of its key and its value."""
        return {(node.mark[1], node.mark[3]): number for number, node in enumerate(self.nodes)}

    @functools.cached_property
    def by_path(self) -> dict[Path, Node]:
        """Nodes by their path in this file."""
        return {node.path: node for node in self.nodes}

    @functools.cached_property
    def _starts(self) -> list[int]:
        return [node.start for node in self.nodes]

    def innermost(self, index: int) -> int:
        """Return the number of the smallest node around a place, -1 where there is none."""
        number = bisect.bisect_right(self._starts, index) - 1
        while number >= 0 and self.nodes[number].end < index:
            number = self.nodes[number].above
        return number

    def starting(self, start: int, end: int) -> tuple[int, ...]:
        """Return the outermost nodes that begin within a range."""
        low, high = bisect.bisect_left(self._starts, start), bisect.bisect_left(self._starts, end)
        return tuple(number for number in range(low, high) if self.nodes[number].above < low)

    def around(self, number: int) -> Iterator[int]:
        """Yield the node and all nodes around it, inner ones first."""
        while number >= 0:
            yield number
            number = self.nodes[number].above

    def scalar_at(self, index: int) -> bool:
        """Tell whether a place lies inside a key or a scalar, where `#` begins no comment."""
        last = bisect.bisect_right(self._starts, index) - 1
        for number in self.around(last):
            _, key_start, key_end, start, end = self.nodes[number].mark
            inside = not isinstance(self.nodes[number].value, (Map, Seq)) and start <= index < end
            if inside or (key_start <= index < key_end and key_start != start):
                return True
        return False

    @functools.cached_property
    def _bytes(self) -> list[int] | None:
        """Byte offset at which each line begins; None where every character is one byte."""
        text, starts = self.source.text, self.source.starts
        if text.isascii():
            return None
        offsets = [0]
        for start, end in itertools.pairwise(starts):
            offsets.append(offsets[-1] + len(text[start:end].encode()))
        return offsets

    def position(self, index: int) -> Position:
        """Return line, column and byte offset of a code point."""
        starts = self.source.starts
        line = bisect.bisect_right(starts, index) - 1
        begin = starts[line]
        offset = index
        if self._bytes is not None:
            offset = self._bytes[line] + len(self.source.text[begin:index].encode())
        return Position(line + 1, index - begin + 1, offset + (3 if self.source.bom else 0))

    def index(self, position: Position) -> int:
        """Return the code point at a position of this file."""
        return self.source.starts[position.line - 1] + position.column - 1


def children(node: Map | Seq) -> Iterator[tuple[str | int, Any, Mark]]:
    """Yield the entries of a collection with their marks."""
    if isinstance(node, Map):
        for key, value in node.items():
            yield key, value, node.marks[key]
    else:
        for index, value in enumerate(node):
            yield index, value, node.marks[index]


def is_flow(text: str, start: int) -> bool:
    """Tell whether the collection that begins here is written in braces or brackets."""
    found = PROPERTIES.match(text, start)
    return text[found.end() if found else start :][:1] in ("{", "[")


def _collect(node: Map | Seq, path: Path, above: int, text: str, found: list[Node]) -> int:
    """Add all nodes below one, and return where the last of them ends."""
    last = 0
    for step, value, mark in children(node):
        number = len(found)
        inner = (*path, step)
        found.append(Node(inner, value, mark, above))
        start, end = mark[3], mark[4]
        below = 0
        if isinstance(value, (Map, Seq)) and text[start : start + 1] != "*":
            below = _collect(value, inner, number, text, found)
        last = below if below and not is_flow(text, start) else start + len(text[start:end].rstrip("\n\r \t"))
        found[number] = Node(inner, value, (*mark[:4], last), above)
    return last
