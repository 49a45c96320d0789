"""Symbolic edits of a merged document → edits of the files as written, which keep comments, style, quoting and line breaks.

An edit is made only where the text afterwards reads as exactly what the edit means; else it is refused.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stackspec.diagnostics import Delete, Rename, Set
from stackspec.edits.comments import kept
from stackspec.edits.engine import Change, change
from stackspec.edits.yamltext import copied, parse, same
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.places import Tree
from stackspec.source import Faulty, Source, load

Edit = Set | Delete | Rename


@record
class TextEdit:
    """Replace the code points from `start` to `end` of a file's text by `text`."""

    file: str
    start: int
    end: int
    text: str


class OverlapError(ValueError):
    """Two edits of one text touch the same place."""


@record
class Plan:
    """What one fix changes: its edits in terms of each file's own tree, and of the text."""

    meaning: tuple[tuple[str, Edit], ...]
    edits: tuple[TextEdit, ...]


def apply(text: str, edits: Iterable[TextEdit | Change]) -> str:
    """Return the text with all edits made; raises OverlapError where two of them touch the same place."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    if overlaps(ordered):
        raise OverlapError("edits overlap")
    parts: list[str] = []
    done = 0
    for edit in ordered:
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])


def overlaps(edits: Iterable[TextEdit | Change]) -> bool:
    """Tell whether two edits of one text share a character, or insert at the same place."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    pairs = itertools.pairwise(ordered)
    return any(left.end > right.start or (left.start, left.end) == (right.start, right.end) for left, right in pairs)


def means(root: Any, edits: Iterable[Edit]) -> Any:  # Any: YAML data
    """Return a copy of a document as the edits mean it: values first, then removals and new names; paths are those before."""
    result = copied(root)
    chosen = list(edits)
    for edit in chosen:
        if isinstance(edit, Set):
            _put(result, edit.at, copied(parse(edit.value)))
    for edit in _inside_out(chosen):
        above = _parent(result, edit.at)
        if isinstance(edit, Delete):
            del above[edit.at[-1]]
        else:
            items = [(edit.key if key == edit.at[-1] else key, value) for key, value in above.items()]
            above.clear()
            above.update(items)
    return result


def _inside_out(edits: Sequence[Edit]) -> list[Delete | Rename]:
    """Return what changes paths in an order in which none changes the path of another that is still to come."""
    return sorted((edit for edit in edits if not isinstance(edit, Set)), key=lambda edit: _order(edit.at), reverse=True)


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (0, step) for step in path)


def _parent(node: Any, at: Path) -> Any:  # Any: YAML data
    for step in at[:-1]:
        node = node[step]
    return node


def _put(node: Any, at: Path, value: Any) -> None:  # Any: YAML data
    for step in at[:-1]:
        if (isinstance(step, str) and step not in node) or node[step] is None:
            node[step] = {}
        node = node[step]
    node[at[-1]] = value


def reads_as(tree: Tree, edits: Sequence[Edit], changes: Iterable[TextEdit | Change]) -> bool:
    """Tell whether the changed text is read as the document that the edits mean."""
    try:
        before = load(tree.source)[1]
        root, faults = load(Source(tree.source.name, apply(tree.source.text, changes)))
        return len(faults) <= len(before) and same(root, means(tree.root, edits))
    except (Faulty, OverlapError, LookupError, TypeError):
        return False


def changes(tree: Tree, edits: Sequence[Edit]) -> tuple[Change, ...] | None:
    """Return what edits of one file's own tree change in its text, None where one of them is refused.

    One edit alone is not read again here: `confirmed` does that for all fixes at once.
    """
    if len(edits) == 1:
        return change(tree, edits[0])
    planned = [made for edit in edits if (made := change(tree, edit)) is not None]
    for whole in (kept(tree, edits, planned), planned) if len(planned) == len(edits) else ():
        flat = sorted((one for each in whole or () for one in each), key=lambda one: (one.start, one.end))
        if whole is not None and not overlaps(flat) and reads_as(tree, edits, flat):
            return tuple(flat)
    return _in_turn(tree, edits)


def _in_turn(tree: Tree, edits: Sequence[Edit]) -> tuple[Change, ...] | None:
    """Make edits that touch each other one after another, and return the one change that this comes to."""
    sets = [edit for edit in edits if isinstance(edit, Set)]
    old = new = tree.source.text
    for edit in [*sets, *_inside_out(edits)]:
        step = change(Tree(Source(tree.source.name, new)), edit)
        if step is None:
            return None
        new = apply(new, step)
    start, tail = common(old, new)
    return (Change(start, len(old) - tail, new[start : len(new) - tail]),)


def common(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how much two texts, or lists of lines, have in common at their beginning, and then at their end."""
    shorter = min(len(old), len(new))
    head = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    tail = next((place for place in range(shorter - head) if old[-1 - place] != new[-1 - place]), shorter - head)
    return head, tail


def confirmed(trees: Mapping[str, Tree], plans: Sequence[Plan]) -> list[Plan]:
    """Return the plans whose result reads as they mean, in order; many plans of one file are read in few goes."""
    good: set[int] = set()
    waiting = list(range(len(plans)))
    while waiting:
        batch, waiting = _together(plans, waiting)
        good.update(_sound(trees, plans, batch))
    return [plan for number, plan in enumerate(plans) if number in good]


def mended(trees: Mapping[str, Tree], plans: Sequence[Plan]) -> dict[str, str]:
    """Return the new text of each file with all plans made that do not touch each other, first come, first served."""
    batch, _ = _together(plans, list(range(len(plans))))
    if not _all_read(trees, plans, batch):
        chosen: list[int] = []
        for number in batch:
            chosen += [number] if _all_read(trees, plans, [*chosen, number]) else []
        batch = chosen
    edits = [edit for number in batch for edit in plans[number].edits]
    files = {edit.file for edit in edits}
    return {file: apply(trees[file].source.text, [one for one in edits if one.file == file]) for file in files}


def _together(plans: Sequence[Plan], numbers: list[int]) -> tuple[list[int], list[int]]:
    """Split plans into those that do not touch each other and the rest."""
    taken: dict[str, list[tuple[int, int]]] = {}
    fitting: list[int] = []
    rest: list[int] = []
    for number in numbers:
        edits = plans[number].edits
        free = bool(edits) and all(_free(taken.get(edit.file, []), edit) for edit in edits)
        (fitting if free else rest if edits else []).append(number)
        for edit in edits if free else ():
            bisect.insort(taken.setdefault(edit.file, []), (edit.start, edit.end))
    return fitting, rest


def _free(taken: list[tuple[int, int]], edit: TextEdit) -> bool:
    """Tell whether a range touches none of those that are taken."""
    place = bisect.bisect_left(taken, (edit.start, edit.end))
    before = place == 0 or taken[place - 1][1] < edit.start
    return before and (place == len(taken) or edit.end < taken[place][0])


def _sound(trees: Mapping[str, Tree], plans: Sequence[Plan], batch: list[int]) -> list[int]:
    """Return which plans of a batch read as they mean, by halving it until the others are left out."""
    if _all_read(trees, plans, batch):
        return batch
    if len(batch) < 2:
        return []
    half = len(batch) // 2
    return [*_sound(trees, plans, batch[:half]), *_sound(trees, plans, batch[half:])]


def _all_read(trees: Mapping[str, Tree], plans: Sequence[Plan], batch: list[int]) -> bool:
    return all(_reads(trees[file], [plans[number] for number in batch]) for file in _files(plans, batch))


def _files(plans: Sequence[Plan], batch: list[int]) -> list[str]:
    return sorted({edit.file for number in batch for edit in plans[number].edits})


def _reads(tree: Tree, plans: Sequence[Plan]) -> bool:
    name = tree.source.name
    edits = [edit for plan in plans for file, edit in plan.meaning if file == name]
    return reads_as(tree, edits, [edit for plan in plans for edit in plan.edits if edit.file == name])
