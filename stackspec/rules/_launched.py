"""Rules about an engine's configuration: which of them a launch calls for, and how they read it."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding
from stackspec.ir.path import Path
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Flag, Group, Json, Launch, Model, Product, ProjectFile, Runtime
from stackspec.rules._declared import Check, Reads, Rule

_SIZES = {"k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_HUMAN = re.compile(r"(\d+(?:\.\d+)?)([kmgtKMGT])")


@record
class Launched:
    """The leading process of one replica, as rules about an engine's configuration read it; flags by canonical name."""

    model: Model
    group: Group
    launch: Launch
    flags: dict[str, Flag]

    def value(self, name: str, *fields: str) -> Json | None:
        """Return the value of a flag, or of a field of its JSON; None where it is not given or known only at run time."""
        flag = self.flags.get(name)
        found = None if flag is None or isinstance(flag.value, Runtime | Product | ProjectFile) else flag.value
        for field in fields:
            found = found.get(field) if isinstance(found, dict) else None
        return found

    def number(self, name: str, *fields: str) -> float | None:
        """Return a value as a number, `64k` included (k is 1000, K is 1024, as engines read it); None where it is none."""
        found = self.value(name, *fields)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return found
        return _number(found) if isinstance(found, str) else None

    def on(self, name: str, *fields: str) -> bool:
        """Tell whether a boolean is given and true."""
        return self.value(name, *fields) is True

    def word(self, name: str, *fields: str) -> str | None:
        """Return a value that is text."""
        found = self.value(name, *fields)
        return found if isinstance(found, str) else None

    def at(self, name: str, *fields: str) -> Path:
        """Return the place of a flag, or of one of its fields, that the launch has."""
        place = self.flags[name].at
        return (*place, *fields) if "args" in place else place

    def variable(self, name: str) -> str | None:
        """Return an environment variable that is written out in the spec."""
        found = self.launch.env.get(name)
        return found if isinstance(found, str) else None

    def variable_at(self, name: str) -> Path:
        """Return the place of an environment variable that the launch has."""
        own = (*self.group.at, "env", name)
        return own if name in self.group.env and name not in self.group.engine.env else (*self.group.engine.at, "env", name)


@record
class _Lazy:
    """The function of a rule that is imported when it is called first."""

    module: str

    def __call__(self, launched: Launched) -> Iterable[Finding]:
        return _check(self.module)(launched)


@functools.cache
def _check(module: str) -> Check:
    found: Check = importlib.import_module(module).check
    return found


def indexed(engine: str, rows: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules about launches of one engine from the index of its folder, without their documentation."""
    return tuple(
        Rule(
            code, row["severity"], "launches", _Lazy(f"stackspec.rules.{engine}.{code.replace('-', '_')}"), (), "",
            Reads(tuple(row["reads"]), row.get("since"), row.get("until"), engine=engine),
        )
        for code, row in rows.items()
    )  # fmt: skip


class Called:
    """Rules about launches; which of them one calls for is decided once for all launches that give the same words."""

    def __init__(self, rules: list[Rule]) -> None:
        self.rules = rules
        self._known: dict[tuple[str, str, frozenset[str]], list[Rule]] = {}

    def findings(self, model: Model) -> Iterator[Finding]:
        """Yield what the rules that a model's launches call for find, code and severity stamped."""
        for group in model.groups:
            flags = {flag.name: flag for flag in group.launch.flags}
            launched = Launched(model, group, group.launch, flags)
            for item in self.rules_of(group.launch, frozenset((*flags, *group.launch.env))):
                for finding in item.check(launched) if item.check else ():
                    yield replace(finding, code=item.code, severity=finding.severity or item.severity)

    def rules_of(self, launch: Launch, names: frozenset[str]) -> list[Rule]:
        """Return the rules that a launch with these flags and variables calls for."""
        key = launch.engine, launch.version, names
        if key not in self._known:
            self._known[key] = [item for item in self.rules if item.reads is not None and _calls(item.reads, names, launch)]
        return self._known[key]


def _calls(reads: Reads, names: frozenset[str], launch: Launch) -> bool:
    """Tell whether a launch has something that a rule reads, at a release that the rule is about."""
    if names.isdisjoint(reads.names) or reads.engine != launch.engine.replace("-", "_"):
        return False
    release = numbers(launch.version)
    return (reads.since is None or numbers(reads.since) <= release) and (reads.until is None or release < numbers(reads.until))


def _number(word: str) -> float | None:
    human = _HUMAN.fullmatch(word)
    if human:
        return float(human[1]) * _SIZES[human[2]]
    try:
        return float(word)
    except ValueError:
        return None
