"""`stackspec.lock`: commits and facts of the sources that a spec names. Written by `stackspec lock`, untrusted when read."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, get_args

from stackspec.diagnostics import Finding, Span
from stackspec.ir.facts import ModelFacts
from stackspec.ir.pins import Pin, PinKind, Pins
from stackspec.ir.record import fields, record
from stackspec.project import LOCK
from stackspec.source import Faulty, Map, Mark, Seq, Source
from stackspec.source import load as parse

SCHEMA: Final = "stackspec/lock/1"
MOST: Final = 10**18
"""Larger numbers are no facts of a model."""
LONGEST: Final = 1000
"""So long a text may be, in characters."""
HEAD: Final = "Commits and facts of the models that the spec names. Written by `stackspec lock`: commit it, and do not edit it."

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_KEY: Final = re.compile(r"[\w+=][\w.+=-]*(?:/[\w.+=-]+)?(?::\w[\w.-]*)?(?:@[!-~]+)?")
_PRINTABLE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*")
_HEX: Final = re.compile(r"[0-9a-f]{6,40}")


@record
class Lock:
    """A lock file as read. What is wrong with an entry is a finding, and the entry is left out.

    `readable`: it is a lock file of this release, so that it may be written again; `places` are the keys of the entries.
    """

    source: Source
    pins: Pins
    places: Mapping[str, Span]
    findings: tuple[Finding, ...]
    readable: bool


def load(source: Source) -> Lock:
    """Return what a lock file holds."""
    try:
        root, faults = parse(source)
    except Faulty as error:
        return Lock(source, {}, {}, (_beside_conflicts(error.finding, source),), readable=False)
    schema = root.get("schema")
    if faults or schema != SCHEMA:
        return Lock(source, {}, {}, tuple(faults) or (_other_schema(source, root, schema),), readable=False)
    found = _Reader(source)
    pins = found.pins(root)
    return Lock(source, pins, found.places, tuple(found.faults), readable=True)


def dump(pins: Pins) -> str:
    """Return the text of a lock file: the same for the same pins."""
    from stackspec.emit.yaml import dump as yaml

    return yaml({"schema": SCHEMA, "models": {name: row(pins[name]) for name in sorted(pins)}}, comment=HEAD)


def row(pin: Pin) -> dict[str, object]:
    """Return one entry as it is written: what is unknown is left out, mappings are sorted."""
    from stackspec.emit.plain import plain

    facts: dict[str, object] = plain(pin.facts) if pin.facts else {}
    known = {name: _sorted(value) for name, value in sorted(facts.items()) if name != "name" and value != ""}
    made: dict[str, object] = {"commit": pin.commit, "kind": pin.kind, "specs": sorted(pin.specs)}
    if pin.rank is not None:
        made["rank"] = pin.rank
    return {**made, "facts": known} if pin.facts else made


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a lock file, made from what is read."""
    facts = {name: _SCHEMAS[kind] for name, kind in sorted(_kinds().items())}
    entry = _object(
        {
            "commit": {"type": "string", "pattern": f"^{_COMMIT.pattern}$"},
            "facts": _object(facts, ()),
            "kind": {"enum": sorted(get_args(PinKind))},
            "rank": _SCHEMAS["int | None"],
            "specs": {"type": "array", "items": _SCHEMAS["str"]},
        },
        ("commit", "kind", "specs"),
    )
    return {
        "$id": SCHEMA,
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": "Commits and facts of the models that a spec names, by the source as the spec writes it.",
        "title": LOCK,
        **_object(
            {"models": {"type": "object", "additionalProperties": entry}, "schema": {"const": SCHEMA}}, ("models", "schema")
        ),
    }


def _object(properties: Mapping[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    return {**made, "required": list(required)} if required else made


class _Wrong(Exception):
    """One entry cannot be used."""

    def __init__(self, mark: Mark, message: str, *, on_key: bool = False) -> None:
        super().__init__(message)
        self.finding = _fault(mark, message, on_key=on_key)


class _Reader:
    """Reads the entries of one file, each by itself."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Finding] = []
        self.places: dict[str, Span] = {}

    def pins(self, root: Map) -> dict[str, Pin]:
        """Return the entries that can be used."""
        for name in sorted(root.keys() - {"schema", "models"}):
            self.faults.append(_fault(root.marks[name], f"a lock file has no `{_shown(name)}`", on_key=True))
        models = root.get("models")
        if not isinstance(models, Map):
            mark = root.marks["models"] if "models" in root else root.marks["schema"]
            self.faults.append(_fault(mark, "`models` is missing" if "models" not in root else "`models` is no mapping"))
            return {}
        return dict(self._entries(models))

    def _entries(self, models: Map) -> Iterator[tuple[str, Pin]]:
        for name, value in models.items():
            mark = models.marks[name]
            try:
                pin = _pin(name, value, mark)
            except _Wrong as wrong:
                self.faults.append(wrong.finding)
                continue
            self.places[name] = Span(self.source.name, mark[1], mark[2])
            yield name, pin


def _pin(name: str, value: Any, mark: Mark) -> Pin:
    if len(name) > LONGEST or not _KEY.fullmatch(name):
        raise _Wrong(mark, f"`{_shown(name)}` is no source of the hub", on_key=True)
    entry = _closed(value, mark, ("commit", "kind", "specs"), ("facts", "rank"))
    commit = _text(entry["commit"], entry.marks["commit"])
    if not _COMMIT.fullmatch(commit):
        raise _Wrong(entry.marks["commit"], f"`{_shown(commit)}` is no commit of 40 hexadecimal digits")
    revision = name.partition("@")[2].lower()
    if _HEX.fullmatch(revision) and not commit.startswith(revision):
        raise _Wrong(entry.marks["commit"], f"`{commit[:12]}` is not the commit `{revision[:12]}` that its name says")
    kind = entry["kind"]
    if kind not in get_args(PinKind):
        raise _Wrong(entry.marks["kind"], f"`{_shown(kind)}` is no kind: {', '.join(sorted(get_args(PinKind)))}")
    specs = entry["specs"]
    if not isinstance(specs, Seq):
        raise _Wrong(entry.marks["specs"], "`specs` is no list")
    return Pin(
        commit, kind, tuple(_text(item, at) for item, at in zip(specs, specs.marks, strict=True)),
        facts=_facts(name, entry["facts"], entry.marks["facts"]) if "facts" in entry else None,
        rank=_count(entry["rank"], entry.marks["rank"]) if "rank" in entry else None,
    )  # fmt: skip


def _facts(name: str, value: Any, mark: Mark) -> ModelFacts:
    kinds = _kinds()
    rows = _closed(value, mark, (), tuple(kinds))
    read: dict[str, Any] = {
        field: _READERS[kinds[field]](item, rows.marks[field]) for field, item in rows.items()
    }  # as annotated
    return ModelFacts(name=name.partition("@")[0].partition(":")[0], **read)


def _closed(value: Any, mark: Mark, required: tuple[str, ...], optional: tuple[str, ...]) -> Map:
    if not isinstance(value, Map):
        raise _Wrong(mark, "this is no mapping")
    for name in value:
        if name not in required and name not in optional:
            raise _Wrong(value.marks[name], f"nothing here is called `{_shown(name)}`", on_key=True)
    for name in required:
        if name not in value:
            raise _Wrong(mark, f"`{name}` is missing", on_key=True)
    return value


def _text(value: Any, mark: Mark) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or not _PRINTABLE.fullmatch(value):
        raise _Wrong(mark, f"`{_shown(value)}` is no short text")
    return value


def _count(value: Any, mark: Mark) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise _Wrong(mark, f"`{_shown(value)}` is no number that counts something")
    return value


def _flag(value: Any, mark: Mark) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(mark, f"`{_shown(value)}` is neither true nor false")
    return value


def _counts(value: Any, mark: Mark) -> dict[str, int]:
    return {name: _count(item, value.marks[name]) for name, item in _closed(value, mark, (), tuple(_names(value))).items()}


def _details(value: Any, mark: Mark) -> dict[str, object]:
    return {name: _datum(item, value.marks[name]) for name, item in _closed(value, mark, (), tuple(_names(value))).items()}


def _datum(value: Any, mark: Mark) -> object:
    """Return a number, text, list or mapping of a configuration as plain data."""
    if isinstance(value, Map):
        return _details(value, mark)
    if isinstance(value, Seq):
        return [_datum(item, at) for item, at in zip(value, value.marks, strict=True)]
    if isinstance(value, str):
        return _text(value, mark)
    if isinstance(value, (int, float)) and abs(value) > MOST:
        raise _Wrong(mark, f"`{_shown(value)}` is larger than any fact")
    return value


def _names(value: Any) -> list[str]:
    return list(value) if isinstance(value, Map) else []


_Read = Callable[[Any, Mark], object]
_READERS: Final[Mapping[str, _Read]] = {
    "str": _text, "str | None": _text, "int | None": _count, "bool | None": _flag, "Mapping[str, int]": _counts,
    "Mapping[str, object]": _details,
}  # fmt: skip
"""Annotation of a fact → how it is read."""
_SCHEMAS: Final[Mapping[str, dict[str, Any]]] = {
    "str": {"type": "string", "maxLength": LONGEST},
    "str | None": {"type": "string", "maxLength": LONGEST},
    "int | None": {"type": "integer", "minimum": 0, "maximum": MOST},
    "bool | None": {"type": "boolean"},
    "Mapping[str, int]": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": MOST}},
    "Mapping[str, object]": {"type": "object"},
}


@functools.cache
def _kinds() -> Mapping[str, str]:
    """Return the annotation of every fact of a model but its name."""
    annotations: Mapping[str, str] = vars(ModelFacts)["__annotations__"]
    return {name: annotations[name] for name in fields(ModelFacts) if name != "name"}


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _sorted(item) for name, item in sorted(_items(value))}
    return [_sorted(item) for item in _each(value)] if isinstance(value, (list, tuple)) else value


def _items(value: Any) -> Iterator[tuple[str, object]]:
    return iter(value.items())


def _each(value: Any) -> Iterator[object]:
    return iter(value)


def _fault(
    mark: Mark, message: str, *, on_key: bool = False, hint: str = "`stackspec lock` writes this entry again"
) -> Finding:
    source, key_start, key_end, start, end = mark
    span = Span(source.name, key_start, key_end) if on_key else Span(source.name, start, end)
    return Finding(message, (), hint=hint, code="lock-malformed", severity="error", span=span)


def _other_schema(source: Source, root: Map, schema: object) -> Finding:
    mark = root.marks.get("schema") or (source, 0, 0, 0, 0)
    if isinstance(schema, str) and schema.startswith("stackspec/lock/"):
        hint = "install the release that wrote it, or remove it and run `stackspec lock`"
        return _fault(mark, f"this lock file is `{_shown(schema)}`, and this release reads `{SCHEMA}`", hint=hint)
    return _fault(mark, f"this is no lock file: its schema is not `{SCHEMA}`", hint="remove it and run `stackspec lock`")


def _beside_conflicts(finding: Finding, source: Source) -> Finding:
    """Say what to do where two branches were not merged."""
    from stackspec.ir.record import replace

    if re.search(r"^<{7} ", source.text, re.MULTILINE):
        return replace(finding, hint="this file holds a merge conflict: take either side whole, then run `stackspec lock`")
    return finding


def _shown(value: object) -> str:
    shown = ascii(value)[1:-1] if isinstance(value, str) else ascii(value) if not isinstance(value, (Map, Seq)) else "…"
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
