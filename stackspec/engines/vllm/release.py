"""What the catalog knows of vLLM: options of each release, published images, families of models. Opened on first use."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from stackspec.folders import text
from stackspec.ir.record import record
from stackspec.ir.stack import Json

Kind = Literal["flag", "switch", "json", "list", "append", "optional", "value"]
_FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "catalog", "engines", "vllm")
_RELEASE = re.compile(r"\d+\.\d+(\.\d+)?$")


@record
class Release:
    """One release: its options by canonical name; `enable_disable` tells that `--disable-x` negates `--enable-x`."""

    version: str
    flags: Mapping[str, Kind]
    aliases: Mapping[str, str]
    choices: Mapping[str, tuple[int, ...]]
    enable_disable: bool
    tool_parsers: frozenset[str]
    reasoning_parsers: frozenset[str]

    def kind(self, name: str, value: object = None) -> Kind:
        """Return how an option is written; one that the release lacks is judged by its value, so that nothing is lost."""
        if name in self.flags:
            return self.flags[name]
        if isinstance(value, bool):
            return "flag"
        return "json" if isinstance(value, dict) else "list" if isinstance(value, list) else "value"


@record
class Family:
    """One family of models: its parsers, whether it thinks `always` or by a `switch`, and what turns thinking off."""

    name: str
    tool_parser: str | None = None
    reasoning_parser: str | None = None
    thinks: Literal["always", "switch"] | None = None
    thinking_off: Mapping[str, Json] | None = None


@cache
def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers, ignoring what follows them: `0.33.0rc1` and `v0.33.0` are 0.33.0."""
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


@cache
def versions() -> tuple[str, ...]:
    """Return the releases that the catalog has, oldest first."""
    names = (name.removesuffix(".json") for name in os.listdir(_FOLDER) if name.endswith(".json"))
    return tuple(sorted((name for name in names if _RELEASE.match(name)), key=numbers))


@cache
def release(version: str) -> Release:
    """Return a release; one that the catalog lacks is judged by the nearest older one, else by the oldest."""
    older = [known for known in versions() if numbers(known) <= numbers(version)]
    row = read(older[-1] if older else versions()[0])
    return Release(
        version=version, flags=row["flags"], aliases=row["aliases"], enable_disable=row["enable_disable"],
        choices={name: tuple(values) for name, values in row["choices"].items()},
        tool_parsers=frozenset(row["tool_parsers"]), reasoning_parsers=frozenset(row["reasoning_parsers"]),
    )  # fmt: skip


@cache
def image(version: str, vendor: str) -> str | None:
    """Return the published image of a release for a vendor's accelerators or for `cpu`; None: nobody publishes one."""
    for row in _table("images"):
        if row["vendor"] == vendor and numbers(version) >= numbers(row.get("since", "0")):
            return str(row["image"]).format(version=version.removeprefix("v"))
    return None


@cache
def family(names: tuple[str, ...], architecture: str | None) -> Family | None:
    """Return the family of a model by its hub ids, the surest first, else by its architecture; None: nobody here knows."""
    for name in names:
        folded = f"/{name.lower()}"
        for row in _table("families"):
            if any(_matches(pattern, folded) for pattern in row["match"]):
                return _family(row)
    for row in _table("families"):
        if architecture and architecture in row.get("architectures", ()):
            return _family(row)
    return None


def _matches(pattern: str, name: str) -> bool:
    """Tell whether the parts of a pattern, between its `*`, occur in a name in their order."""
    place = 0
    for part in pattern.split("*"):
        found = name.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return True


def canonical(args: Mapping[str, Json], known: Release) -> Iterator[tuple[str, Json, tuple[str, ...]]]:
    """Yield (canonical flag, value, key as written): dotted keys become mappings, aliases and negations what they stand for."""
    for key in args:
        head, *fields = key.split(".")
        name = head.replace("-", "_")
        value: Json = args[key]
        for field in reversed(fields):
            value = {field: value}
        if isinstance(value, bool):
            positive = _positive(name, known)
            name, value = (positive, not value) if positive else (name, value)
        yield known.aliases.get(name, name), value, (key,)


def _positive(name: str, known: Release) -> str | None:
    """Return the flag that `name` negates, None where it is no negation."""
    if name in known.flags:
        return None
    if name.startswith("no_") and known.flags.get(name[3:]) == "flag":
        return name[3:]
    for prefix, inverse in (("disable_", "enable_"), ("enable_", "disable_")):
        other = inverse + name.removeprefix(prefix)
        if known.enable_disable and name.startswith(prefix) and known.flags.get(other) == "flag":
            return other
    return None


def _family(row: Mapping[str, Any]) -> Family:  # Any: a row of the table
    return Family(row["name"], row.get("tool_parser"), row.get("reasoning_parser"), row.get("thinks"), row.get("thinking_off"))


def read(name: str) -> Any:  # Any: a JSON table, checked by its tests
    """Read one table of the catalog from disk."""
    return json.loads(text(os.path.join(_FOLDER, f"{name}.json")))


@cache
def _table(name: str) -> list[dict[str, Any]]:  # Any: rows are JSON objects
    rows: list[dict[str, Any]] = read(name)
    return rows
