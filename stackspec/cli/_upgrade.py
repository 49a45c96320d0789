"""Moving a project to another release of an engine: versions, flags and keys rewritten by span edits, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stackspec.check import Checked
from stackspec.diagnostics import Delete, Finding, Fix, Set, StackspecError
from stackspec.edits import Plan, apply, changes, mended
from stackspec.engines import Changed, EngineBackend
from stackspec.ir.path import Path
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Engine, Stack
from stackspec.places import Tree
from stackspec.project import Project
from stackspec.report import Located, Report
from stackspec.report.build import check_spec, report_of
from stackspec.report.fixing import fixes, plan
from stackspec.source import Map, Source, decode

CARRIED = frozenset(("arg-not-in-release", "unknown-engine-name", "unknown-engine-variable"))
"""Codes whose fixes say how to write for this release what another one wrote differently."""
_ROUNDS = 20
"""A fix may uncover another, and fixes at one place are made one after another."""


class Edited(Project):
    """A project some of whose files have new texts that are not on the disk."""

    def __init__(self, spec: str, texts: Mapping[str, str]) -> None:
        super().__init__(spec)
        self.texts = texts

    def read(self, name: str, data: bytes | None = None) -> Source:
        """Return the spec itself, its new text where it has one."""
        return self._new(super().read(name, data))

    def read_inside(self, path: str, base: str) -> Source:
        """Return a file that a spec names, its new text where it has one."""
        return self._new(super().read_inside(path, base))

    def _new(self, source: Source) -> Source:
        text = self.texts.get(source.name)
        return source if text is None else decode(source.name, text.encode("utf-8"))


@record
class Upgrade:
    """What moving to a release comes to: new texts by file, the check before and after, and what is said about it."""

    texts: Mapping[str, str]
    before: Checked
    after: Report
    told: tuple[Located, ...]


def upgraded(spec: str, kind: str, back_end: EngineBackend, version: str) -> Upgrade:
    """Return a project as it is written for another release; raises StackspecError where errors hide what is run."""
    before = check_spec(Project(spec), None)
    missing = sorted(name for name in before.environments or ("",) if name not in before.stacks)
    if missing:
        where = f" in {', '.join(missing)}" if any(missing) else ""
        raise StackspecError(
            f"errors hide what {spec} runs{where}: nothing was rewritten", hint="`stackspec lint` lists them", code=1
        )
    texts = _pinned(before, kind, version)
    checked = _carried(spec, texts)
    for _ in range(_ROUNDS):
        found = fixes(checked, [one for one in report_of(checked).findings if one.code in CARRIED], unsafe=False)
        found = found or _emptied(before, texts)
        if not found:
            break
        texts.update(found)
        checked = _carried(spec, texts)
    more = [*_left(checked, kind, version), *_defaults(before, checked, kind, back_end)]
    whole = report_of(checked, tuple(more))
    return Upgrade(texts, before, whole, _told(report_of(before), whole))


def _carried(spec: str, texts: Mapping[str, str]) -> Checked:
    """Check new texts; the engine's changes are asked for here, so that only what they would change elsewhere makes them unsafe."""
    checked = check_spec(Edited(spec, texts), None)
    return replace(checked, findings=tuple((name, _asked_for(finding)) for name, finding in checked.findings))


def _asked_for(finding: Finding) -> Finding:
    wanted = finding.code in CARRIED and finding.fix is not None and not finding.fix.safe
    return replace(finding, fix=replace(finding.fix, safe=True)) if wanted else finding


def _emptied(before: Checked, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the new text of each file without the `args` and `env` of which nothing is left: they say nothing."""
    found: dict[str, str] = {}
    for name, text in texts.items():
        tree = Tree(decode(name, text.encode("utf-8")))
        edits = [Delete(at) for at in _empty(tree.root, ()) if _at(Tree(before.sources[name]).root, at)]
        made = changes(tree, edits) if edits else None
        if made:
            found[name] = ("\ufeff" if tree.source.bom else "") + apply(tree.source.text, made)
    return found


def _empty(node: Any, at: Path) -> Iterator[Path]:  # Any: YAML data
    for key, value in node.items() if isinstance(node, Map) else ():
        if key in ("args", "env") and value == {}:
            yield (*at, key)
        else:
            yield from _empty(value, (*at, key))


def _at(node: Any, at: Path) -> Any:  # Any: YAML data
    for step in at:
        node = node.get(str(step)) if isinstance(node, Map) else None
    return node


def _texts(trees: Mapping[str, Tree], plans: Iterable[Plan]) -> dict[str, str]:
    texts = mended(trees, list(plans))
    return {file: ("\ufeff" if trees[file].source.bom else "") + text for file, text in texts.items()}


def _pinned(checked: Checked, kind: str, version: str) -> dict[str, str]:
    """Return the new text of each file that says which release of the engine runs, or that has to say so now."""
    trees = {name: Tree(source) for name, source in checked.sources.items()}
    plans: dict[object, Plan] = {}
    written = f'"{version}"' if version.count(".") == 1 else version
    for name, stack in checked.stacks.items():
        for at in _places(stack, kind, version):
            made = plan(checked, trees, Fix((Set(at, written),)), frozenset((name,)))
            if made is not None:
                plans[made[0].edits] = made[0]
    return _texts(trees, plans.values())


def _places(stack: Stack, kind: str, version: str) -> Iterator[Path]:
    """Yield the places of versions of a stack that are other ones, or that are not written."""
    for engine in _engines(stack, kind):
        if engine.version != version or not engine.pinned:
            yield (*(engine.at or ("engines", engine.name)), "version")


def _engines(stack: Stack, kind: str) -> list[Engine]:
    """Return the engines of a kind that are declared or serve a model."""
    serving = {group.engine.name for model in stack.models.values() for group in model.groups}
    return [engine for engine in stack.engines.values() if engine.kind == kind and (engine.at or engine.name in serving)]


def _left(checked: Checked, kind: str, version: str) -> Iterator[tuple[str | None, Finding]]:
    """Yield the versions that could not be rewritten exactly."""
    for name, stack in checked.stacks.items():
        for at in _places(stack, kind, version):
            message = "this version cannot be rewritten without touching what else is written here; it stays as it is"
            yield name, Finding(message, at, hint=f"write {version} by hand", code="version-not-rewritten", severity="error")


def _defaults(
    before: Checked, after: Checked, kind: str, back_end: EngineBackend
) -> Iterator[tuple[str | None, Finding]]:  # fmt: skip
    """Yield the defaults that matter, changed, and are relied upon by a model."""
    for name, stack in after.stacks.items():
        old = before.stacks.get(name)
        for engine in _engines(stack, kind) if old else ():
            former = old.engines.get(engine.name) if old else None
            for one in back_end.changed(former.version, engine.version) if former else ():
                if _relied_upon(stack, engine, one):
                    message = f"where nobody writes `{one.option}` it is {one.after}, and was {one.before}"
                    message += f": {one.effect}" if one.effect else ""
                    hint = f"`{one.keep}` keeps it as it was" if one.keep else None
                    at: Path = (*(engine.at or ("engines", engine.name)), "version")
                    yield name, Finding(message, at, hint=hint, code="default-changed", severity="info")


def _relied_upon(stack: Stack, engine: Engine, one: Changed) -> bool:
    """Tell whether a model of an engine takes a default as it is."""
    for model in stack.models.values():
        for group in model.groups:
            names = {flag.name for flag in group.launch.flags}
            if group.engine.name == engine.name and one.option not in names and (one.needs is None or one.needs in names):
                return True
    return False


def _told(before: Report, after: Report) -> tuple[Located, ...]:
    """Return what is new, and all that could not be carried over."""
    known = {one.fingerprint for one in before.findings}
    return tuple(one for one in after.shown if one.code in CARRIED or one.fingerprint not in known)
