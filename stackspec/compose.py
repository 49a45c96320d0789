"""`extends`, environments and entry `extends` → one merged document per environment, with its marks.

Each is a patch applied to a full document: mappings merge, scalars and lists replace, `null` is a tombstone that beats what is
inherited and is dropped after the last step. A mapping whose `kind` changes replaces the inherited one; in `gateway`, whose words
mean the same for every kind, only version, edition and args fall away. What no patch touches stays the same object.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from stackspec.diagnostics import Finding, Severity, Span, did_you_mean
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.source import Map, Mark, Seq

_NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))})
FORBIDDEN = ("stackspec", "requires", "name", "extends", "environments")
"""Keys of a document that an environment may not contain."""
IMPLIED = frozenset({"launch"})
"""Targets that are on without being written, so that `null` in a base document switches them off."""


@record
class Composed:
    """The merged document of one environment; `name` is None where the spec has no environments."""

    name: str | None
    document: Map


class Composer:
    """Composes all environments of one document; `entries` are the places, as `a.b`, whose mappings hold named entries."""

    def __init__(self, root: Map, entries: tuple[str, ...], open_file: Callable[[Mark, str], Map | None]) -> None:
        self.findings: list[Finding] = []
        self._told: set[tuple[str, Span]] = set()
        self.entries = tuple(tuple(place.split(".")) for place in entries)
        self.base = self.with_files(root, open_file)
        self.written = root
        self._dropped: dict[int, tuple[Any, Any]] = {}
        self._derived: dict[tuple[int, ...], tuple[Any, Map]] = {}

    def with_files(self, root: Map, open_file: Callable[[Mark, str], Map | None]) -> Map:
        """Return the base document: the chain of `extends` files under the document itself, without its environments."""
        chain = [root]
        while isinstance(chain[-1].get("extends"), str):
            above = open_file(chain[-1].marks["extends"], chain[-1]["extends"])
            if above is None:
                break
            chain.append(above)
        document = without(chain[-1], ("extends", "environments"))
        self.null_entries(document, bare=len(chain) == 1)
        for patch in reversed(chain[:-1]):
            document = merge(document, without(patch, ("extends", "environments")))
        for above in chain[1:]:
            if "environments" in above:
                self.fault(
                    "environments-in-base",
                    "only the document itself may have environments",
                    above.marks["environments"],
                    "move them into the file that is compiled",
                )
        return document

    def environments(self) -> list[Composed]:
        """Return the merged document of every environment, in order of their names; one without a name where there are none."""
        declared = self.written.get("environments")
        if declared is None and "environments" not in self.written:
            return [Composed(None, self.finish(self.base))]
        if not isinstance(declared, Map) or not declared:
            self.fault(
                "no-environments",
                "`environments` names none",
                self.written.marks["environments"],
                "name at least one, such as `prod: {}`, or leave the section out",
            )
            return []
        if any([self.bad_name(name, declared.marks[name]) for name in declared]):
            return []
        done: dict[str, Map | None] = {}
        for name in declared:
            self.environment(name, declared, done, ())
        return [Composed(name, self.finish(document)) for name in sorted(declared) if (document := done[name]) is not None]

    def bad_name(self, name: str, mark: Mark) -> bool:
        """Report a name that cannot be a folder everywhere."""
        if _NAME.fullmatch(name) and name not in _DEVICES:
            return False
        source, start, end, _, _ = mark
        hint = "names start with a lower-case letter and have lower-case letters, digits and dashes, 40 at most"
        self.fault("bad-name", "this is no name for an environment", (source, start, end, start, end), hint)
        return True

    def environment(self, name: str, declared: Map, done: dict[str, Map | None], above: tuple[str, ...]) -> Map | None:
        """Apply one environment, its parents first."""
        if name in done:
            return done[name]
        patch = Map() if declared[name] is None else declared[name]
        done[name] = None
        if not isinstance(patch, Map):
            self.fault(
                "wrong-type", f"environment `{name}` must be a mapping", declared.marks[name], "write `{}` to change nothing"
            )
            return None
        base = self.parent(name, patch, declared, done, above)
        if base is None:
            return None
        for key in FORBIDDEN:
            if key in patch and key != "extends":
                self.fault(
                    "overlay-forbidden-key",
                    f"`{key}` belongs to the whole stack, not to one environment",
                    patch.marks[key],
                    "write it at the top of the document",
                )
        done[name] = merge(base, without(patch, FORBIDDEN))
        return done[name]

    def parent(self, name: str, patch: Map, declared: Map, done: dict[str, Map | None], above: tuple[str, ...]) -> Map | None:
        """Return the document that an environment patches: the base, or what its `extends` names."""
        parent = patch.get("extends")
        if parent is None:
            return self.base
        mark = patch.marks["extends"]
        if not isinstance(parent, str) or parent not in declared:
            self.fault(
                "unknown-reference",
                f"environment `{name}` extends `{parent}`, which does not exist",
                mark,
                did_you_mean(str(parent), [other for other in declared if other != name]),
            )
            return None
        if parent == name or parent in above:
            self.fault(
                "extends-cycle",
                f"environments extend each other in a circle: {' → '.join((*above, name, parent))}",
                mark,
                "let one of them stand on its own",
            )
            return None
        return self.environment(parent, declared, done, (*above, name))

    def finish(self, document: Map) -> Map:
        """Derive entries from their siblings, then drop tombstones and `x-*` keys."""
        for place in self.entries:
            document = self.derive_section(document, place)
        dropped: Map = self.drop(document, keep=document.get("targets"))
        return dropped

    def derive_section(self, document: Map, place: tuple[str, ...]) -> Map:
        """Replace the section at `place` by one whose entries no longer extend each other."""
        head, *rest = place
        section = document.get(head)
        if not isinstance(section, Map):
            return document
        changed = self.derive_section(section, tuple(rest)) if rest else self.derive_entries(section, place)
        return document if changed is section else with_item(document, head, changed)

    def derive_entries(self, section: Map, place: tuple[str, ...]) -> Map:
        names = [name for name, entry in section.items() if isinstance(entry, Map) and isinstance(entry.get("extends"), str)]
        if not names:
            return section
        result = Map(section, dict(section.marks))
        for name in names:
            entry = self.derive(name, section, ())
            result[name] = without(section[name], ("extends",)) if entry is None else entry
        return result

    def derive(self, name: str, section: Map, above: tuple[str, ...]) -> Map | None:
        """Return one entry with everything that it inherits; None where its parent does not exist."""
        entry: Map = section[name]
        parent = entry.get("extends")
        if not isinstance(parent, str):
            return entry
        if parent == name or parent in above:
            cycle = " → ".join((*above, name, parent))
            self.fault(
                "extends-cycle",
                f"entries extend each other in a circle: {cycle}",
                entry.marks["extends"],
                "let one of them stand alone",
            )
            return None
        if not isinstance(section.get(parent), Map):
            self.fault(
                "unknown-reference",
                f"`{name}` extends `{parent}`, which does not exist here",
                entry.marks["extends"],
                did_you_mean(parent, [other for other in section if section[other] is not None and other != name]),
            )
            return None
        inherited = self.derive(parent, section, (*above, name))
        if inherited is None:
            return None
        key = (id(inherited), id(entry))
        if key not in self._derived:
            patched = merge(without(inherited, ("renamed_from",)), without(entry, ("extends",)))
            self._derived[key] = ((inherited, entry), patched)
        return self._derived[key][1]

    def drop(self, node: Any, keep: Any) -> Any:
        """Remove tombstones and `x-*` keys, and return the very same object where there are none; `keep` keeps its nulls."""
        if type(node) is not Map:
            return node
        known = self._dropped.get(id(node))
        if known is not None:
            return known[1]
        items: dict[str, Any] = {}
        same = True
        for key, value in node.items():
            if type(value) is Map:
                before = self._dropped.get(id(value))
                items[key] = self.drop(value, keep) if before is None else before[1]
                same = same and items[key] is value
            elif value is not None or node is keep:
                items[key] = value
        kept = {key: value for key, value in items.items() if not key.startswith("x-")}
        result = node if same and len(kept) == len(node) else Map(kept, {key: node.marks[key] for key in kept})
        self._dropped[id(node)] = (node, result)
        return result

    def null_entries(self, document: Map, *, bare: bool) -> None:
        """Report entries of a base document that hold nothing: there they have nothing to remove."""
        for key, value in document.items():
            if value is None:
                self.null_entry(key, document.marks[key])
        for place in (*self.entries, ("targets",)):
            section = at(document, place)
            if not isinstance(section, Map):
                continue
            for name, value in section.items():
                if value is None and not (place == ("targets",) and name in IMPLIED):
                    self.null_entry(name, section.marks[name])

    def null_entry(self, name: str, mark: Mark) -> None:
        self.fault(
            "null-entry",
            f"`{name}` holds nothing, and there is nothing inherited for `null` to remove",
            mark,
            f"write `{name}: {{}}`, or remove the key",
        )

    def fault(self, code: str, message: str, mark: Mark, hint: str | None, severity: Severity = "error") -> None:
        """Collect a finding at the value that a mark names."""
        source, key_start, key_end, start, end = mark
        span = Span(source.name, start, end) if end > start else Span(source.name, key_start, key_end)
        finding = Finding(message, (), hint=hint, code=code, severity=severity, span=span)
        if (code, span) not in self._told:
            self._told.add((code, span))
            self.findings.append(finding)


def merge(base: Map, patch: Map, path: Path = ()) -> Map:
    """Return `base` with `patch` applied; the very same `base` where the patch is empty."""
    if not patch:
        return base
    kind, other = base.get("kind"), patch.get("kind")
    if kind is not None and other is not None and kind != other:
        if path != ("gateway",):
            return patch
        base = without(base, ("version", "edition", "args"))
    result = Map(base, dict(base.marks))
    for key, value in patch.items():
        old = base.get(key)
        if type(old) is Map and type(value) is Map:
            result[key] = merge(old, value, (*path, key))
        else:
            result[key] = value
            result.marks[key] = patch.marks[key]
    return result


def without(node: Map, keys: tuple[str, ...]) -> Map:
    """Return a mapping without some keys; the same object where it has none of them."""
    if not any(key in node for key in keys):
        return node
    items = {key: value for key, value in node.items() if key not in keys}
    return Map(items, {key: node.marks[key] for key in items})


def with_item(node: Map, key: str, value: Any) -> Map:
    """Return a mapping with one value replaced, its mark kept."""
    result = Map(node, node.marks)
    result[key] = value
    return result


def at(document: Any, path: Path) -> Any:
    """Return the node at a path, or None."""
    for step in path:
        if isinstance(document, Map) and step in document:
            document = document[str(step)]
        elif isinstance(document, Seq) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def leaves(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every leaf of a document with its path: scalars, and collections that are empty."""
    if isinstance(node, Map) and node:
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, Seq) and node:
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path, node
