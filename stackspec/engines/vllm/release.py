"""What the catalog knows of one vLLM release: options, nested settings, environment and registered names. Opened on first use."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any, Literal, TypeVar

from stackspec.catalog.releases import judge, numbers
from stackspec.folders import text
from stackspec.ir.record import record
from stackspec.ir.stack import Json

Kind = Literal["flag", "switch", "json", "list", "append", "optional", "value"]
Row = Mapping[str, Any]  # Any: a JSON object, checked by the tests of the tables
T = TypeVar("T")
_FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "catalog", "engines", "vllm")
_RELEASE = re.compile(r"\d+\.\d+(\.\d+)?$")


@record
class Option:
    """One option; `type` is bool, int, human-int, float, str, json or json-or-str and, for a list, that of an item.

    `choices` are all that the parser takes, here or on another platform; `known` are words that only the engine may insist on.
    `words` stand beside a number (`auto`). `low` and `high` are allowed, `above` and `below` are not. `config` is a nested class.
    """

    name: str
    kind: Kind
    type: str
    default: Json
    aliases: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    choices: tuple[Json, ...] | None = None
    known: tuple[Json, ...] = ()
    words: tuple[str, ...] = ()
    fold: bool = False
    nullable: bool = False
    deprecated: bool = False
    arity: int | None = None
    config: str | None = None
    low: float | None = None
    above: float | None = None
    high: float | None = None
    below: float | None = None


@record
class Field:
    """One field of a nested class; `type` joins bool, int, float, str, list, map and any with `|`; `items` describe what is inside.

    `choices` are all that the engine takes, in any case where `fold` says so; `known` are words among others.
    """

    type: str
    default: Json
    required: bool = False
    nullable: bool = False
    choices: tuple[Json, ...] | None = None
    known: tuple[Json, ...] = ()
    fold: bool = False
    config: str | None = None
    items: Field | None = None
    low: float | None = None
    above: float | None = None
    high: float | None = None
    below: float | None = None


@record
class Variable:
    """One environment variable: how its text is read, what it is when unset, and the only words it takes."""

    type: str
    default: Json = None
    choices: tuple[str, ...] | None = None
    fold: bool = False


class Rows(Mapping[str, T]):
    """Rows of a table as records, each built when it is asked for."""

    def __init__(self, rows: Row, build: Callable[[str, Row], T]) -> None:
        self._rows, self._build = rows, build
        self._built: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._built:
            self._built[name] = self._build(name, self._rows[name])
        return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class Class(Rows[Field]):
    """The fields of a nested class; an `unknown` one is refused or ignored, and what is not `validated` is never checked."""

    def __init__(self, row: Row) -> None:
        super().__init__(row["fields"], lambda _name, field: _field(field))
        self.unknown: Literal["refused", "ignored"] = row["unknown"]
        self.validated: bool = row["validated"]

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields by name."""
        return self


class Release:
    """One release; a section of its table is parsed when it is first read.

    `enable_disable` tells that `--disable-x` negates `--enable-x`, `json_human_numbers` that 4k may stand in JSON.
    """

    def __init__(self, version: str, table: str) -> None:
        self.version = version
        self.table = table
        """The release whose table judges this one."""
        self._text = text(os.path.join(_FOLDER, f"{table}.json"))

    @cached_property
    def options(self) -> Mapping[str, Option]:
        """Options by canonical name: the long spelling with underscores."""
        return Rows(self._rows, _option)

    @cached_property
    def classes(self) -> Mapping[str, Class]:
        """Nested classes by name."""
        return Rows(self._section("classes"), lambda _name, row: Class(row))

    @cached_property
    def environment(self) -> Mapping[str, Variable]:
        """Environment variables that vLLM reads itself."""
        return Rows(self._section("environment"), _variable)

    @cached_property
    def registries(self) -> Mapping[str, Mapping[str, Row]]:
        """Registered names, with what is known of each: architectures, quantization, tool_parsers, kv_connectors …"""
        return Rows(
            self._section("registries"), lambda _name, rows: rows if isinstance(rows, dict) else {name: {} for name in rows}
        )

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Canonical name of every other long spelling, both with underscores."""
        return {
            alias[2:].replace("-", "_"): name
            for name, row in self._rows.items()
            for alias in row.get("aliases", ())
            if alias.startswith("--")
        }

    @cached_property
    def enable_disable(self) -> bool:
        """Tell whether `--disable-x` negates `--enable-x`."""
        return bool(self._section("enable_disable"))

    @cached_property
    def json_human_numbers(self) -> bool:
        """Tell whether numbers such as 4k are read inside JSON."""
        return bool(self._section("json_human_numbers"))

    @cached_property
    def torch(self) -> str:
        """The version of torch that the wheel was built for."""
        return str(self._section("torch"))

    @cached_property
    def cuda(self) -> str:
        """The CUDA that this torch needs, such as 12.8."""
        return str(self._section("cuda"))

    def kind(self, name: str, value: object = None) -> Kind:
        """Return how an option is written; one that the release lacks is judged by its value, so that nothing is lost."""
        if name in self._rows:
            kind: Kind = self._rows[name]["kind"]
            return kind
        if isinstance(value, bool):
            return "flag"
        return "json" if isinstance(value, dict) else "list" if isinstance(value, list) else "value"

    @cached_property
    def _rows(self) -> Mapping[str, Row]:
        rows: Mapping[str, Row] = self._section("options")
        return rows

    def _section(self, name: str) -> Any:  # Any: JSON
        """Parse one section and nothing else: it starts and ends at the margin."""
        start = self._text.index(f'\n"{name}": ') + len(name) + 5
        return json.JSONDecoder().raw_decode(self._text, start)[0]


def _option(name: str, row: Row) -> Option:
    listed: dict[str, Any] = {key: tuple(row[key]) for key in ("aliases", "known", "negative", "words") if key in row}
    if "choices" in row:
        listed["choices"] = (*row["choices"], *row.get("elsewhere", ()))
    plain = {key: value for key, value in row.items() if key not in ("dest", "elsewhere", "required", *listed)}
    every: dict[str, Any] = {"name": name, **plain, **listed}
    return Option(**every)


def _field(row: Row) -> Field:
    listed: dict[str, Any] = {key: tuple(row[key]) for key in ("choices", "known") if key in row}
    if "items" in row:
        listed["items"] = _field(row["items"])
    plain: dict[str, Any] = {"default": None, **row, **listed}
    return Field(**plain)


def _variable(_name: str, row: Row) -> Variable:
    return Variable(**{**row, "choices": tuple(row["choices"])} if "choices" in row else row)


@cache
def versions() -> tuple[str, ...]:
    """Return the releases that the catalog has, oldest first."""
    names = (name.removesuffix(".json") for name in os.listdir(_FOLDER) if name.endswith(".json"))
    return tuple(sorted((name for name in names if _RELEASE.match(name)), key=numbers))


@cache
def release(version: str) -> Release:
    """Return a release; one that the catalog lacks is judged by the nearest older one, else by the oldest."""
    return Release(version, judge(version, versions()))


def read(name: str) -> Any:  # Any: a JSON table, checked by its tests
    """Read one table of the catalog from disk."""
    return json.loads(text(os.path.join(_FOLDER, f"{name}.json")))


@cache
def table(name: str) -> list[dict[str, Any]]:  # Any: rows are JSON objects
    """Return a table that is a list of rows."""
    rows: list[dict[str, Any]] = read(name)
    return rows


@cache
def image(version: str, vendor: str) -> str | None:
    """Return the published image of a release for a vendor's accelerators or for `cpu`; None: nobody publishes one."""
    for row in table("images"):
        if row["vendor"] == vendor and numbers(version) >= numbers(row.get("since", "0")):
            return str(row["image"]).format(version=version.removeprefix("v"))
    return None


def canonical(args: Mapping[str, Json], known: Release) -> Iterator[tuple[str, Json, tuple[str, ...]]]:
    """Yield (canonical flag, value, key as written): dotted keys become mappings, aliases and negations what they stand for."""
    for key in args:
        head, *fields = key.split(".")
        name = head.replace("-", "_")
        value: Json = args[key]
        for field in reversed(fields):
            value = {field: value}
        if isinstance(value, bool):
            negated = positive(name, known)
            name, value = (negated, not value) if negated else (name, value)
        yield known.aliases.get(name, name), value, (key,)


def positive(name: str, known: Release) -> str | None:
    """Return the flag that `name` negates, None where it is no negation."""
    if name in known.options:
        return None
    if name.startswith("no_") and _is_flag(name[3:], known):
        return name[3:]
    for prefix, inverse in (("disable_", "enable_"), ("enable_", "disable_")):
        other = inverse + name.removeprefix(prefix)
        if known.enable_disable and name.startswith(prefix) and _is_flag(other, known):
            return other
    return None


def _is_flag(name: str, known: Release) -> bool:
    return name in known.options and known.kind(name) == "flag"
