"""One symbolic edit of a file's own tree → the few characters to change, or None where that cannot be done exactly."""

from __future__ import annotations

import re
from typing import Any

from stackspec.diagnostics import Delete, Rename, Set
from stackspec.edits.yamltext import UNREADABLE, fitting, key_text, parse, written
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.places import PROPERTIES, Node, Tree, is_flow
from stackspec.source import Map, Seq

_SKIP = re.compile(r"(?:[ \t\r\n]|(?<![^\s,\[\]{}])#[^\r\n]*)*")
_BLANK = re.compile(r"[ \t]*(?=[\r\n]|\Z)")


@record
class Change:
    """Replace the code points from `start` to `end` by `text`."""

    start: int
    end: int
    text: str


Changes = tuple[Change, ...]


def change(tree: Tree, edit: Set | Delete | Rename) -> Changes | None:
    """Return what an edit changes in the text of its file; `at` is a path of that file, not of the merged document."""
    if not edit.at or tree.root is None:
        return None
    return _Editor(tree).edit(edit)


class _Editor:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.text = tree.source.text
        self.nodes = tree.by_path

    def edit(self, edit: Set | Delete | Rename) -> Changes | None:
        node = self.nodes.get(edit.at)
        if any(self.is_shared(edit.at[:length]) for length in range(1, len(edit.at))) or (node and self.is_explicit(node)):
            return None
        if isinstance(edit, Rename):
            return self.rename(node, edit.key) if node else None
        if node is not None and self.is_anchored(node):
            return None
        if isinstance(edit, Delete):
            return self.delete(node) if node else None
        data = parse(edit.value)
        if data is UNREADABLE:
            return None
        return self.set(node, edit.value, data) if node else self.insert(edit.at, edit.value, data)

    # What may not be touched

    def is_shared(self, path: Path) -> bool:
        """Tell whether a node is an alias, or named by one: a change inside would change both places."""
        node = self.nodes.get(path)
        if node is None:
            return False
        start = node.mark[3]
        found = PROPERTIES.match(self.text, start)
        return self.text[start : start + 1] == "*" or (found is not None and self.names_used(found.group(), start, start))

    def is_anchored(self, node: Node) -> bool:
        """Tell whether something outside refers to a name that is given inside the node."""
        return self.names_used(self.text[node.start : node.mark[4]], node.start, node.mark[4])

    def names_used(self, text: str, start: int, end: int) -> bool:
        names = re.findall(r"&([\w-]+)", text) if "&" in text else ()
        outside = self.text[:start] + self.text[end:] if names else ""
        return any(re.search(rf"\*{re.escape(name)}(?![\w-])", outside) for name in names)

    def is_explicit(self, node: Node) -> bool:
        """Tell whether the key is written with `?`."""
        return self.text[self.line_start(node.start) : node.start].rstrip().endswith("?")

    # Places in the text

    def line_start(self, index: int) -> int:
        return index - self.tree.position(index).column + 1

    def line_end(self, index: int) -> int:
        """Return the end of the line, before the line break."""
        found = re.compile(r"[\r\n]|\Z").search(self.text, index)
        return found.start() if found else len(self.text)

    def next_line(self, index: int) -> int:
        end = self.line_end(index)
        return end + (2 if self.text.startswith("\r\n", end) else 1 if end < len(self.text) else 0)

    def line_before(self, index: int) -> int:
        """Return the end of the line above the one of a place, before the line break."""
        start = self.line_start(index)
        return start - (2 if self.text.startswith("\r\n", max(0, start - 2)) else 1)

    def skip(self, index: int) -> int:
        """Return the next place that is neither blank nor comment."""
        found = _SKIP.match(self.text, index)
        return found.end() if found else index

    def eol(self, index: int) -> str:
        """Return the line break in use around a place."""
        found = re.compile(r"\r\n|\n|\r").search(self.text, index) or re.search(r"\r\n|\n|\r", self.text)
        return found.group() if found else "\n"

    def children(self, path: Path) -> list[Node]:
        """Return the entries of a collection in the order of the text."""
        value = self.nodes[path].value if path else self.tree.root
        steps = range(len(value)) if isinstance(value, Seq) else value if isinstance(value, Map) else ()
        return [self.nodes[*path, step] for step in steps]

    def in_flow(self, path: Path) -> bool:
        """Tell whether the collection at a path, or one around it, is written in braces or brackets."""
        outer = [self.nodes[path[:length]].mark[3] for length in range(1, len(path) + 1)]
        first = self.skip(0)
        if self.text.startswith("---", first):
            first = self.skip(first + 3)
        return self.text[first : first + 1] == "{" or any(is_flow(self.text, start) for start in outer)

    # Set

    def set(self, node: Node, value: str, data: Any) -> Changes | None:
        start, end = node.mark[3], node.mark[4]
        old = self.text[start:end]
        mark = old[0] if old[:1] in ("'", '"') else ""
        return self.replace(node, fitting(value, data, flow=self.in_flow(node.path[:-1]), quote=mark))

    def replace(self, node: Node, text: str) -> Changes | None:
        """Put text where the value of a node stands."""
        _, _, key_end, start, end = node.mark
        old = self.text[start:end]
        if old[:1] in ("&", "!"):
            return None
        if not old:
            lead = "" if self.text[start - 1] in " \t" else " "
            if isinstance(node.path[-1], str) and ":" not in self.text[key_end:start]:
                lead = ": "
            return (Change(start, start, lead + text),)
        if (
            isinstance(node.value, Map | Seq)
            and old[0] != "*"
            and not is_flow(self.text, start)
            and isinstance(node.path[-1], str)
        ):
            colon = self.skip(key_end)
            cut = self.line_before(start)
            return (Change(colon + 1, colon + 1, " " + text), Change(cut, end, "")) if cut > colon else None
        if old[0] in "|>":
            comment = re.search(r"[ \t]+#.*\Z", self.text[start : self.line_end(start)])
            text += comment.group() if comment else ""
        return (Change(start, end, text),)

    # Insert

    def insert(self, at: Path, value: str, data: Any) -> Changes | None:
        """Write a missing key into the nearest mapping above it, and what is missing in between."""
        depth = len(at) - 1
        while depth and at[:depth] not in self.nodes:
            depth -= 1
        above, key, *inner = at[:depth], *at[depth:]
        if not all(isinstance(step, str) for step in (key, *inner)):
            return None
        for step in reversed(inner):
            data = {step: data}
        container = self.nodes[above].value if above else self.tree.root
        flow = not isinstance(container, Map) or not container or self.in_flow(above)
        text = f"{key_text(str(key))}: {written(data) if inner else fitting(value, data, flow=flow)}"
        if container is None:
            return self.replace(self.nodes[above], "{" + text + "}")
        if not isinstance(container, Map) or (not above and not container):
            return None
        if not flow:
            return self.insert_line(above, text)
        return self.insert_between(above, text)

    def insert_line(self, above: Path, entry: str) -> Changes:
        """Write an entry on a line of its own below the last one of a block."""
        children = self.children(above)
        end = self.line_end(children[-1].end)
        indent = " " * (children[0].start - self.line_start(children[0].start))
        eol = self.eol(end)
        place = self.next_line(end)
        if place == end:
            return (Change(end, end, f"{eol}{indent}{entry}"),)
        return (Change(place, place, f"{indent}{entry}{eol}"),)

    def insert_between(self, above: Path, entry: str) -> Changes | None:
        """Write an entry behind the last one within braces."""
        children = self.children(above)
        if not children:
            start = self.text.index("{", self.nodes[above].mark[3]) + 1
            return (Change(start, start, entry),)
        if above and not is_flow(self.text, self.nodes[above].mark[3]):
            return None
        end = children[-1].end
        after = self.skip(end)
        if self.text[after : after + 1] == ",":
            return (Change(after + 1, after + 1, " " + entry),)
        return (Change(end, end, f" , {entry}" if self.text[end - 1] == ":" else f", {entry}"),)

    # Delete and rename

    def delete(self, node: Node) -> Changes | None:
        """Remove an entry with its line or its comma; a collection that loses its last entry stays, empty."""
        above = node.path[:-1]
        siblings = self.children(above)
        flow = self.in_flow(above)
        if len(siblings) == 1 and not flow:
            empty = "[]" if isinstance(node.path[-1], int) else "{}"
            return self.replace(self.nodes[above], empty) if above else None
        if flow and above and not is_flow(self.text, self.nodes[above].mark[3]):
            return None
        place = next(number for number, other in enumerate(siblings) if other is node)
        return self.delete_between(siblings, place) if flow else self.delete_lines(siblings, place)

    def begin(self, siblings: list[Node], place: int) -> int:
        """Return where an entry of a block begins: its key, or the dash of an item."""
        node = siblings[place]
        if isinstance(node.path[-1], str):
            return node.start
        return self.skip(siblings[place - 1].end if place else self.nodes[node.path[:-1]].mark[3])

    def delete_lines(self, siblings: list[Node], place: int) -> Changes:
        start, end = self.begin(siblings, place), siblings[place].end
        line = self.line_start(start)
        if not self.text[line:start].strip():
            return (Change(line, self.next_line(end), ""),)
        following = self.begin(siblings, place + 1)
        return (Change(start, end if self.text[end:following].strip() else following, ""),)

    def delete_between(self, siblings: list[Node], place: int) -> Changes:
        node = siblings[place]
        start, end = node.start, node.end
        comma = self.skip(end)
        if self.text[comma : comma + 1] == ",":
            end = comma + 1
            if place + 1 < len(siblings) and not self.text[end : siblings[place + 1].start].strip(" "):
                return (Change(start, siblings[place + 1].start, ""),)
        elif place and re.fullmatch(r"[ \t]*,[ \t]*", self.text[siblings[place - 1].end : start]):
            return (Change(siblings[place - 1].end, end, ""),)
        line = self.line_start(start)
        if not self.text[line:start].strip() and _BLANK.match(self.text, end):
            return (Change(line, self.next_line(end), ""),)
        return (Change(start, end, ""),)

    def rename(self, node: Node, key: str) -> Changes | None:
        start, end = node.mark[1], node.mark[2]
        old = self.text[start:end]
        siblings = self.nodes[node.path[:-1]].value if node.path[:-1] else self.tree.root
        if not isinstance(siblings, Map) or key in siblings or not old or old[0] in "&*!":
            return None
        return (Change(start, end, key_text(key, old[0] if old[0] in ("'", '"') else "")),)
