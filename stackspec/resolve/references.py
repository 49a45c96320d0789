"""References and open words of a merged document: where they stand, whether they name anything, and what is used.

Where they may stand is baked from the language, so a new reference in `spec/` is checked without a line here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stackspec import catalog
from stackspec.diagnostics import Because, Finding, Fix, Set, did_you_mean, nearest
from stackspec.ir.path import Path, dotted
from stackspec.ir.record import record
from stackspec.source import Map, Seq

SECTIONS: dict[str, tuple[str, ...]] = {
    "pool": ("cluster", "pools"),
    "model": ("models",),
    "engine": ("engines",),
    "graph": ("graphs",),
    "secret": ("secrets",),
    "route": ("gateway", "routes"),
    "retrieval": ("retrieval",),
    "agent": ("agents",),
    "tool": ("tools",),
}
"""Kind of reference → the section whose keys it names."""
WORKLOADS = ("models", "retrieval", "tools", "agents", "teams", "apps")


@record
class Reference:
    """One reference or open word: `kind` is what it names, `open` tells which of the two it is."""

    path: Path
    kind: str
    value: str
    open: bool


@record
class Leaf:
    """A place where a reference or an open word may stand."""

    kind: str
    open: bool


class Group:
    """What one entry refers to: its references, the names that they use by kind, its open words."""

    __slots__ = ("found", "used", "words")

    def __init__(self, found: tuple[Reference, ...]) -> None:
        self.found = tuple(item for item in found if not item.open)
        self.words = tuple(item for item in found if item.open)
        self.used = frozenset((_section_of(item.kind), item.value) for item in self.found)


def _section_of(kind: str) -> str:
    """Return the kind of entry that a reference names; a model's task and a tool's function do not matter."""
    plain = kind.partition(":")[0]
    return "tool" if plain == "function" else plain


class Places:
    """Where references and open words may stand, as a tree of steps, with what was found below each unchanged mapping."""

    def __init__(self, places: Mapping[str, Any]) -> None:
        self.tree: dict[str, Any] = {}
        for kind, is_open in (("references", False), ("open", True)):
            for place, name in places[kind].items():
                node = self.tree
                *steps, last = place.split(".")
                for step in steps:
                    node = node.setdefault(step, {})
                node[last] = Leaf(name, is_open)
        self._known: dict[tuple[int, str, str], tuple[Any, Group | None]] = {}

    def groups(self, document: Map) -> list[Group]:
        """Return all references and open words of a document, entry by entry; one that no overlay touched is read once."""
        found: list[Group] = []
        for section, tree in self.tree.items():
            node = document.get(section)
            if isinstance(node, Map):
                for name, below in node.items():
                    known = self._known.get((id(below), section, name))
                    if known is None:
                        known = below, _group(below, tree.get(name) or tree.get("*"), (section, name))
                        self._known[id(below), section, name] = known
                    if known[1] is not None:
                        found.append(known[1])
        return found


def _group(node: Any, tree: Any, path: Path) -> Group | None:
    """Return what one entry refers to; None: nothing."""
    found = tuple(_walk(node, tree, path)) if tree is not None else ()
    return Group(found) if found else None


def _walk(node: Any, tree: Any, path: Path) -> Iterator[Reference]:
    if isinstance(tree, Leaf):
        if isinstance(node, str):
            yield Reference(path, tree.kind, node, tree.open)
    elif isinstance(node, Map):
        for key, value in node.items():
            below = tree.get(key, tree.get("*"))
            if below is not None:
                yield from _walk(value, below, (*path, key))
    elif isinstance(node, Seq) and "*" in tree:
        for index, value in enumerate(node):
            yield from _walk(value, tree["*"], (*path, index))


class Names:
    """What one document declares, by kind of reference."""

    def __init__(self, document: Map) -> None:
        self.document = document
        self.sections: dict[str, Map] = {kind: _section(document, path) for kind, path in SECTIONS.items()}

    @functools.cached_property
    def workloads(self) -> frozenset[str]:
        """The names of everything that runs."""
        return frozenset(name for section in WORKLOADS for name in _section(self.document, (section,)))

    def declared(self) -> tuple[object, ...]:
        """Return what decides whether references are good: equal in two environments where the same ones are."""
        models = tuple((name, item.get("task"), id(item.get("adapters"))) for name, item in self.sections["model"].items())
        tools = tuple((name, id(item.get("functions"))) for name, item in self.sections["tool"].items())
        sections = *self.sections.values(), *(_section(self.document, (section,)) for section in WORKLOADS)
        return models, tools, *map(tuple, sections)

    def check(self, reference: Reference, exists: Callable[[str], bool]) -> Finding | None:
        """Return what is wrong with a reference, or None."""
        kind, _, task = reference.kind.partition(":")
        if kind == "file":
            return _file(reference, exists)
        if kind == "workload":
            return None if reference.value in self.workloads else _dangling(reference, "entry", self.workloads)
        if kind == "function":
            return self.function(reference)
        section = self.sections[kind]
        name, _, adapter = reference.value.partition("/") if kind == "model" else (reference.value, "", "")
        if kind == "engine" and name in catalog.words("engine"):
            return None
        if name not in section:
            return self.missing(reference, kind)
        if adapter and adapter not in _section(section, (name, "adapters")):
            return _dangling(reference, f"adapter of `{name}`", _section(section, (name, "adapters")))
        return _task(reference, section[name], task) if task else None

    def missing(self, reference: Reference, kind: str) -> Finding:
        """Say that a name does not exist; where another kind has it, say that it is of the wrong type."""
        for other, section in self.sections.items():
            if other != kind and reference.value in section:
                place = ".".join(SECTIONS[other])
                hint = did_you_mean(reference.value, self.sections[kind]) or f"declare it under `{'.'.join(SECTIONS[kind])}`"
                return Finding(
                    f"`{reference.value}` is a {other}, and a {kind} is wanted here", reference.path, hint=hint,
                    because=(Because(f"declared under `{place}`", (*SECTIONS[other], reference.value)),),
                    code="wrong-reference-type", severity="error",
                )  # fmt: skip
        return _dangling(reference, kind, self.sections[kind])

    def function(self, reference: Reference) -> Finding | None:
        """Check `tool.function`, or `tool` for all of its functions."""
        tool, dot, function = reference.value.partition(".")
        tools = self.sections["tool"]
        if tool not in tools:
            known = [f"{name}.{item}" for name, entry in tools.items() for item in _section(entry, ("functions",))] + list(
                tools
            )
            return _dangling(reference, "tool", known)
        functions = _section(tools[tool], ("functions",))
        if dot and function not in functions:
            return _dangling(reference, f"function of `{tool}`", [f"{tool}.{item}" for item in functions])
        return None


_NONE: frozenset[tuple[str, str]] = frozenset()


class Declared:
    """Checks references over all environments of a run: those of an entry again only where other names are declared."""

    def __init__(self, exists: Callable[[str], bool]) -> None:
        self.exists = exists
        self._used: dict[frozenset[tuple[str, str]], Mapping[str, frozenset[str]]] = {}
        self._frames: dict[tuple[object, ...], dict[int, tuple[Group, tuple[Finding, ...]]]] = {}

    def used(self, groups: list[Group]) -> Mapping[str, frozenset[str]]:
        """Return the names that references use, by kind; the same object where they are the same names."""
        pairs = _NONE.union(*[group.used for group in groups])
        if pairs not in self._used:
            kinds: dict[str, set[str]] = {}
            for kind, name in pairs:
                kinds.setdefault(kind, set()).add(name)
            self._used[pairs] = {kind: frozenset(names) for kind, names in kinds.items()}
        return self._used[pairs]

    def dangling(self, groups: list[Group], names: Names) -> list[Finding]:
        """Return what is wrong with the references of one document."""
        frame = self._frames.setdefault(names.declared(), {})
        found: list[Finding] = []
        for group in groups:
            known = frame.get(id(group))
            if known is None:
                known = group, tuple(fault for item in group.found if (fault := names.check(item, self.exists)) is not None)
                frame[id(group)] = known
            if known[1]:
                found += known[1]
        return found


def _section(node: Any, path: tuple[str, ...]) -> Map:
    for step in path:
        node = node.get(step) if isinstance(node, Map) else None
    return node if isinstance(node, Map) else Map()


def _dangling(reference: Reference, kind: str, known: Any) -> Finding:
    hint = did_you_mean(reference.value, known) or f"no {kind} is declared"
    name = "of this name" if kind == "secret" else f"`{reference.value}`"
    best = nearest(reference.value, known)
    fix = Fix((Set(reference.path, best),), safe=False) if best else None
    return Finding(f"there is no {kind} {name}", reference.path, hint=hint, fix=fix, code="unknown-reference", severity="error")


def _task(reference: Reference, entry: Any, task: str) -> Finding | None:
    actual = entry.get("task", "generate") if isinstance(entry, Map) else "generate"
    if actual == task:
        return None
    place: Path = ("models", reference.value)
    return Finding(
        f"`{reference.value}` has the task {actual}, and {dotted(reference.path)} needs one with the task {task}",
        reference.path, hint=f"name a model with `task: {task}`",
        because=(Because(f"its task is {actual}", (*place, "task") if "task" in entry else place),),
        code="wrong-reference-type", severity="error",
    )  # fmt: skip


def _file(reference: Reference, exists: Callable[[str], bool]) -> Finding | None:
    if exists(reference.value):
        return None
    return Finding(
        f"the project has no file `{reference.value}`", reference.path,
        hint="paths are relative to the spec and stay inside the project folder", code="missing-file", severity="error",
    )  # fmt: skip
