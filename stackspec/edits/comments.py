"""Comments that go with what moves: one that stands beside a removed entry stands beside what takes its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stackspec.diagnostics import Delete, Rename, Set
from stackspec.edits.engine import Change, Changes
from stackspec.ir.record import replace
from stackspec.places import Tree

_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_LINE_END = re.compile(r"[\r\n]|\Z")


def kept(tree: Tree, edits: Sequence[Set | Delete | Rename], planned: Sequence[Changes]) -> list[Changes] | None:
    """Return the changes of each edit with the removed entry's comment moved along; None where nothing moves, or none is there.

    Something moves where one entry is removed and others are set: the first of them gets the comment.
    """
    removed = [number for number, edit in enumerate(edits) if isinstance(edit, Delete)]
    put = next((number for number, edit in enumerate(edits) if isinstance(edit, Set)), None)
    node = tree.by_path.get(edits[removed[0]].at) if len(removed) == 1 else None
    if put is None or node is None or "\n" in tree.source.text[node.start : node.end]:
        return None
    found = _COMMENT.match(tree.source.text, node.end)
    if found is None:
        return None
    whole = list(planned)
    whole[put] = _commented(planned[put], f"  {found.group().lstrip()}", tree.source.text)
    if not any(one.start <= found.start() and found.end() <= one.end for one in planned[removed[0]]):
        whole[removed[0]] = (*planned[removed[0]], Change(found.start(), found.end(), ""))
    return whole


def _commented(made: Changes, comment: str, text: str) -> Changes:
    """Return changes with a comment at the end of the last line that they write."""
    *others, last = sorted(made, key=lambda one: (one.start, one.end))
    if last.text.endswith(("\n", "\r")):
        body = last.text.rstrip("\r\n")
        return (*others, replace(last, text=body + comment + last.text[len(body) :]))
    if last.text.startswith(("\n", "\r")):
        return (*others, replace(last, text=last.text + comment))
    end = _LINE_END.search(text, last.end)
    place = end.start() if end else len(text)
    if place == last.end:
        return (*others, replace(last, text=last.text + comment))
    return (*others, last, Change(place, place, comment))
