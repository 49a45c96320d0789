"""When names of vLLM came and went, and what to write instead: read only where something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Delete, Fix, Rename, Set
from stackspec.engines.vllm.release import read
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.ir.stack import Json

if TYPE_CHECKING:
    from stackspec.engines.vllm.arguments_values import Reading

Row = Mapping[str, Any]  # Any: a JSON object


@record
class Life:
    """Releases around the one that lacks a name: the last before that had it is followed by `gone`, the next has it from `since`."""

    gone: str | None
    since: str | None

    @property
    def told(self) -> str:
        """What is said about the name."""
        if self.gone is None:
            return f"comes with vLLM {minor(self.since or '')}"
        return f"is gone since vLLM {minor(self.gone)}" + (f", comes back with {minor(self.since)}" if self.since else "")


def life(section: str, name: str, version: str) -> Life | None:
    """Return the life of a name that a release lacks; None where no release ever had it."""
    table = _history()
    spans: list[list[int | None]] | None = table.get(section, {}).get(name)
    if spans is None:
        return None
    releases: list[str] = table["releases"]
    here = max((index for index, known in enumerate(releases) if numbers(known) <= numbers(version)), default=0)
    before = [last for _, last in spans if last is not None and last < here]
    after = [first for first, _ in spans if first is not None and first > here]
    row: Row = _replaced().get(section, {}).get(name, {})
    gone = row.get("gone", releases[before[-1] + 1]) if before else None
    return Life(gone, releases[after[0]] if after else None)


def minor(version: str) -> str:
    """Return a release without its patch: the catalog has one patch of each, so that it does not know which one was the first."""
    return ".".join(map(str, numbers(version)[:2]))


def elsewhere(variable: str) -> bool:
    """Tell whether a variable is read by other parts than vLLM's own table of them, or by plug-ins."""
    row = _replaced()["elsewhere"]
    return variable in row["names"] or variable.startswith(tuple(row["prefixes"]))


def instead(
    reading: Reading, section: str, name: str, value: Json, at: Path, life: Life
) -> tuple[str | None, Fix | None]:  # fmt: skip
    """Return what to write in place of a name that the release lacks, and the change where it is mechanical."""
    if life.gone is None:
        return _newer(reading, section, name, life, at)
    row: Row | None = _replaced().get(section, {}).get(name)
    if row is None:
        return None, None
    hint = f"instead: {row['instead']}" if row["instead"] else "remove it: nothing takes its place"
    return hint, _fix(reading, section, name, row["fix"], value, at) if "fix" in row else None


def _newer(reading: Reading, section: str, name: str, life: Life, at: Path) -> tuple[str, Fix | None]:
    """Return the hint about a name that is not there yet: another engine, or the former spelling where the release has it."""
    hint = f"pin vLLM {life.since} or newer"
    for former, row in _replaced()["options"].items() if section == "options" else ():
        change = row.get("fix", {})
        if former in reading.known.options and change.get("to", "").partition(".")[0] == name:
            same = change["to"] == name and "values" not in change and reading.given(former) is None
            key = former.replace("_", "-") if "-" in str(at[-1]) else former
            return f"{hint}, or write `{former}`", Fix((Rename(at, key),), safe=bool(change.get("safe"))) if same else None
    for variable, row in _replaced()["environment"].items() if section == "options" else ():
        if variable in reading.known.environment and row.get("fix", {}).get("to") == name:
            return f"{hint}, or set the variable `{variable}`", None
    return hint, None


def _fix(reading: Reading, section: str, name: str, row: Row, value: Json, at: Path) -> Fix | None:
    """Return the change that a row of the table says; None where this value, or what is written beside it, is not foreseen."""
    if row.get("drop") is True or json.dumps(value) in (row.get("drop") or ()):
        return Fix((Delete(at),), safe=bool(row.get("safe")))
    if "values" in row:
        if json.dumps(value) not in row["values"]:
            return None
        value = row["values"][json.dumps(value)]
    edits = next((edits for edits in _edits(reading, section, name, row, value, at) if edits), None)
    return Fix(edits, safe=bool(row.get("safe"))) if edits else None


def _edits(
    reading: Reading, section: str, name: str, row: Row, value: Json, at: Path
) -> Iterator[tuple[Set | Delete | Rename, ...]]:  # fmt: skip
    """Yield the ways to write a row's replacement, the best first."""
    owner = reading.written.at
    if "key" in row and owner[:1] == ("models",) and len(owner) == 2 and isinstance(value, str):
        yield Set((*owner, *row["key"].split(".")), json.dumps(value)), Delete(at)
    target = row.get("to")
    if target is None:
        return
    if section == "words":
        yield (Set(at, json.dumps(target)),)
    elif section == "fields":
        cls = reading.known.classes[name.partition(".")[0]]
        yield from _beside(target, value, at, changed="values" in row) if target in cls else ()
    elif target.partition(".")[0] in reading.known.options and reading.given(*target.split(".")) is None:
        yield from _argument(reading, section, target, value, at, changed="values" in row)


def _beside(target: str, value: Json, at: Path, *, changed: bool) -> Iterator[tuple[Set | Delete | Rename, ...]]:
    """Yield how a field gets another name, in a key of its own or at the end of a dotted one."""
    head, dot, _ = str(at[-1]).rpartition(".")
    renamed = Rename(at, head + dot + target)
    yield (Set(at, json.dumps(value)), renamed) if changed else (renamed,)


def _argument(
    reading: Reading, section: str, target: str, value: Json, at: Path, *, changed: bool
) -> Iterator[tuple[Set | Delete | Rename, ...]]:  # fmt: skip
    """Yield how an option, or a variable, becomes another option or a field of one; in place where that can be, comments kept."""
    head, _, field = target.partition(".")
    beside = reading.written.args.get(head)
    if field and isinstance(beside, dict):
        yield Set((*reading.written.at, "args", head, *field.split(".")), json.dumps(value)), Delete(at)
    elif beside is not None:
        return
    elif section == "options":
        renamed = Rename(at, target.replace("_", "-") if "-" in str(at[-1]) and not field else target)
        yield (Set(at, json.dumps(value)), renamed) if changed else (renamed,)
    else:
        yield Set((*reading.written.at, "args", target), json.dumps(value)), Delete(at)


@cache
def _history() -> Any:  # Any: a JSON table, checked by its tests
    return read("history")


@cache
def _replaced() -> Any:  # Any: a JSON table, checked by its tests
    return read("replaced")
