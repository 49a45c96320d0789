"""Fixes of a merged document → edits of the files as written, with what they would change elsewhere taken into account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stackspec.diagnostics import Delete, Finding, Fix, Rename, Set
from stackspec.edits import Edit, Plan, TextEdit, changes, confirmed, mended
from stackspec.ir.path import Path
from stackspec.ir.record import record, replace
from stackspec.places import Tree, children
from stackspec.report.located import FixEdit, Located, LocatedFix
from stackspec.report.redact import Mask
from stackspec.source import Map, Mark, Seq

if TYPE_CHECKING:
    from stackspec.check import Checked


@record
class Target:
    """Where an edit of the merged document belongs: a file and a path in its own tree; `elsewhere`: others read it too."""

    file: str
    at: Path
    elsewhere: bool


def with_fixes(
    checked: Checked, trees: Mapping[str, Tree], mask: Mask, found: Sequence[Located],
    folded: Sequence[tuple[Finding, frozenset[str | None]]],
) -> list[Located]:  # fmt: skip
    """Return the findings with the fixes that can be made exactly; a fix that would write a secret out again is left away."""
    planned: dict[int, tuple[Plan, bool]] = {}
    for number, (finding, environments) in enumerate(folded):
        made = plan(checked, trees, finding.fix, environments) if finding.fix else None
        if made is not None and not any(mask.text(edit.text) != edit.text for edit in made[0].edits):
            planned[number] = made
    good = {id(one) for one in confirmed(trees, [one for one, _ in planned.values()])}
    return [
        replace(one, fix=_located(trees, *planned[number])) if number in planned and id(planned[number][0]) in good else one
        for number, one in enumerate(found)
    ]


def _located(trees: Mapping[str, Tree], made: Plan, safe: bool) -> LocatedFix:
    edits = tuple(
        FixEdit(edit.file, trees[edit.file].position(edit.start), trees[edit.file].position(edit.end), edit.text)
        for edit in sorted(made.edits, key=lambda edit: (edit.file, edit.start, edit.end))
    )
    return LocatedFix(safe, edits, made.meaning)


def plan(
    checked: Checked, trees: Mapping[str, Tree], fix: Fix, environments: frozenset[str | None]
) -> tuple[Plan, bool] | None:
    """Return what a fix changes, and whether it stays safe; None where one of its edits is refused."""
    if None in environments:
        environments = frozenset(checked.documents)
    environment = min((name for name in environments if name is not None), default="")
    targets = [target(checked, trees, edit, environment, environments) for edit in fix.edits]
    found = [one for one in targets if one is not None]
    if len(found) < len(targets) or not found:
        return None
    found = [_moved(edit, one, fix.edits, found) for edit, one in zip(fix.edits, found, strict=True)]
    meaning = tuple((one.file, replace(edit, at=one.at)) for one, edit in zip(found, fix.edits, strict=True))
    edits: list[TextEdit] = []
    for file in sorted({file for file, _ in meaning}):
        made = changes(trees[file], [edit for name, edit in meaning if name == file])
        if made is None:
            return None
        edits += [TextEdit(file, one.start, one.end, one.text) for one in made]
    return Plan(meaning, tuple(edits)), fix.safe and not any(one.elsewhere for one in found)


def _moved(edit: Edit, found: Target, edits: Sequence[Edit], targets: Sequence[Target]) -> Target:
    """Return where a value is put that goes from one key to another: into the layer that it is taken from, which overlays follow."""
    for other, taken in zip(edits, targets, strict=True) if isinstance(edit, Set) and found.elsewhere else ():
        shared = next((step for step, (a, b) in enumerate(zip(edit.at, other.at, strict=False)) if a != b), 0)
        tail = other.at[shared:]
        if isinstance(other, Delete) and not taken.elsewhere and shared > 1 and taken.at[-len(tail) :] == tail:
            return Target(taken.file, (*taken.at[: -len(tail)], *edit.at[shared:]), elsewhere=False)
    return found


def target(
    checked: Checked, trees: Mapping[str, Tree], edit: Edit, environment: str, environments: frozenset[str | None]
) -> Target | None:
    """Return the node as written that an edit of one environment's document is about."""
    document = checked.documents.get(environment)
    mark, depth, node = _mark(document, edit.at)
    if depth < len(edit.at) and not isinstance(edit, Set):
        return None
    if depth == len(edit.at) and mark is not None and not _written_here(node, mark, edit):
        return None
    file = mark[0].name if mark else checked.spec
    tree = trees.get(file)
    number = tree.numbers.get((mark[1], mark[3])) if tree and mark else None
    if tree is None or (mark and number is None):
        return None
    above = tree.nodes[number].path if number is not None else ()
    others = (name for name in checked.environments if name not in environments)
    seen = any(_mark(checked.documents.get(name), edit.at[:depth])[:2] == (mark, depth) for name in others)
    inherited = (above[2:] if above[:1] == ("environments",) else above) != edit.at[:depth]
    return Target(file, (*above, *edit.at[depth:]), seen or inherited)


def _mark(document: Any, at: Path) -> tuple[Mark | None, int, Any]:
    """Return the mark and the value of the deepest node on the way to a path, and how deep that is."""
    mark: Mark | None = None
    node = document
    for depth, step in enumerate(at):
        if isinstance(node, Map) and step in node:
            mark, node = node.marks[str(step)], node[str(step)]
        elif isinstance(node, Seq) and isinstance(step, int) and 0 <= step < len(node):
            mark, node = node.marks[step], node[step]
        else:
            return mark, depth, node
    return mark, len(at), node


def _written_here(node: Any, mark: Mark, edit: Edit) -> bool:
    """Tell whether all of a node is written where its mark points: else replacing it there would leave the rest behind."""
    source, _, _, start, end = mark
    if not isinstance(node, Map | Seq) or (isinstance(edit, Rename) and not isinstance(node, Map)):
        return True
    inside = all(
        other[0] is source and start <= other[3] and other[4] <= end and _written_here(value, other, Delete(()))
        for _, value, other in children(node)
    )
    return inside or source.text[start : start + 1] == "*"


def fixes(checked: Checked, located: Sequence[Located], unsafe: bool) -> dict[str, str]:
    """Return the new text of each file that fixes change, byte-order mark included; safe fixes only unless asked.

    Fixes that touch each other are made first come, first served; checking again finds what is left.
    """
    chosen = [one.fix for one in located if one.fix and not one.suppressed and (unsafe or one.fix.safe)]
    trees = {name: Tree(source) for name, source in checked.sources.items()}
    plans = [
        Plan(fix.meaning, tuple(TextEdit(one.file, *_range(trees[one.file], one), one.text) for one in fix.edits))
        for fix in dict.fromkeys(chosen)
    ]
    return {name: ("\ufeff" if trees[name].source.bom else "") + text for name, text in sorted(mended(trees, plans).items())}


def _range(tree: Tree, edit: FixEdit) -> tuple[int, int]:
    return tree.index(edit.start), tree.index(edit.end)
