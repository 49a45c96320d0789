"""Rules: one file each. A rule reads the Stack and yields findings; its docstring is its documentation, its help and its test.

A rule about one kind of node takes that node (`on="models"`), and the Stack as a second argument where it needs to look around; a
rule about the whole takes the Stack. What several environments share is checked once. A file in `reported/` documents a code that
an earlier pass reports: it has no function and is never imported to check a spec. A folder named after an engine holds rules about
its configuration, `on="launches"`: `index.json`, written by regen, says which flags each one reads, so that only rules about flags that
a launch has are ever imported. Installed packages add rules through entry points of the group `stackspec.rules`, named by code.
"""

from __future__ import annotations

import functools
import importlib
import json
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from types import ModuleType
from typing import Any, NamedTuple, TypeGuard

from stackspec.diagnostics import Finding, Severity, StackspecError
from stackspec.folders import beside, modules, text
from stackspec.ir.record import replace
from stackspec.ir.stack import Stack
from stackspec.rules import _launched
from stackspec.rules._declared import Check, Reads, Rule, Subject, rule
from stackspec.rules._launched import Launched

__all__ = [
    "Check", "Launched", "Reads", "Rule", "Runner", "Subject", "checking", "codes", "every", "load", "plugins", "rule", "severity",
]  # fmt: skip

GROUP = "stackspec.rules"
"""Entry points of third-party rules: the name is the code, the object a module like the ones here."""


@functools.cache
def load(code: str) -> Rule | None:
    """Return one rule by code, or None; raises StackspecError where an installed one cannot be loaded."""
    name = code.replace("-", "_")
    if name in _names():
        return _rule(code, importlib.import_module(f"stackspec.rules.{name}"))
    if name in _reported():
        return _rule(code, importlib.import_module(f"stackspec.rules.reported.{name}"))
    if code in _of_engines():
        return _rule(code, importlib.import_module(f"stackspec.rules.{_of_engines()[code]}.{name}"))
    return _plugged_in(code) if code in plugins() else None


def _rule(code: str, module: ModuleType) -> Rule:
    check = getattr(module, "check", None)
    declared: tuple[Severity, Subject, tuple[str, ...], Reads | None] = (
        check.rule if check else (module.SEVERITY, "stack", getattr(module, "ALIASES", ()), None)
    )
    severity, on, aliases, reads = declared
    return Rule(code, severity, on, check, aliases, module.__doc__ or "", reads)


def _plugged_in(code: str) -> Rule:
    try:
        return _rule(code, plugins()[code].load())
    except Exception as error:  # a broken plug-in is the world's fault, whatever it raises
        raise StackspecError(f"the rule `{code}` of an installed package cannot be loaded: {error}", code=3) from error


def codes() -> tuple[str, ...]:
    """Return all codes, sorted: of rules, of earlier passes, of installed packages."""
    ours = {name.replace("_", "-") for name in (*_names(), *_reported())}
    return tuple(sorted(ours | _of_engines().keys() | plugins().keys()))


def every() -> tuple[Rule, ...]:
    """Return everything that has a code, in order of the codes: for documentation."""
    return tuple(found for code in codes() if (found := load(code)) is not None)


def checking() -> tuple[Rule, ...]:
    """Return the rules that have a function, in order of their codes: for checking."""
    names = sorted({name.replace("_", "-") for name in _names()} | plugins().keys())
    found = (found for code in names if (found := load(code)) is not None and found.check is not None)
    return (*found, *(item for engine in _engines() for item in _launches(engine)))


def severity(code: str) -> Severity | None:
    """Return the severity that findings of a code have by default, or None where there is no such code."""
    found = load(code)
    return found.severity if found else None


@functools.cache
def plugins() -> Mapping[str, Any]:  # Any: importlib.metadata.EntryPoint, whose import is the cost that this avoids
    """Return the rules of installed packages, by code; a code of our own cannot be taken.

    `importlib.metadata`, which costs as much as a third of a whole run, is asked only where some package registers anything with us.
    """
    from stackspec.target import entries

    ours = {name.replace("_", "-") for name in (*_names(), *_reported())}
    return {entry.name: entry for entry in entries(GROUP) if entry.name not in ours}


@functools.cache
def _names() -> tuple[str, ...]:
    return modules(__file__, packages=False)


@functools.cache
def _engines() -> tuple[str, ...]:
    """Return the engines that have rules of their own: folders beside this file."""
    return tuple(name for name in modules(__file__) if name not in _names() and name != "reported")


@functools.cache
def _launches(engine: str) -> tuple[Rule, ...]:
    """Return the rules about launches of one engine: its index says what each reads."""
    return _launched.indexed(engine, json.loads(text(beside(__file__, engine, "index.json"))))


@functools.cache
def _of_engines() -> Mapping[str, str]:
    """Return the engine of each rule about launches, by code: its folder is asked, so that regen sees what the index lacks."""
    return {
        name.replace("_", "-"): engine for engine in _engines() for name in modules(beside(__file__, engine, "__init__.py"))
    }


@functools.cache
def _reported() -> tuple[str, ...]:
    return modules(beside(__file__, "reported", "__init__.py"))


_Read = dict[tuple[str, str | None], Any]
"""What a rule read: part of the Stack and entry of it, None for the whole part → what was there."""


class _Traced:
    """A Stack that remembers what of it a rule read."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.read: _Read = {}

    def __getattr__(self, part: str) -> Any:
        value: Any = getattr(self._stack, part)
        if _is_table(value):
            value = _Table(part, value, self.read)
        else:
            self.read[part, None] = value
        self.__dict__[part] = value
        return value


def _is_table(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


class _Table(Mapping[str, Any]):
    """A section of the Stack that remembers which of its entries a rule read."""

    def __init__(self, part: str, entries: Mapping[str, Any], read: _Read) -> None:
        self._part = part
        self._entries = entries
        self._read = read

    def __getitem__(self, name: str) -> Any:
        self._read[self._part, name] = self._entries.get(name)
        return self._entries[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return one entry; that it is missing is read as well."""
        self._read[self._part, name] = self._entries.get(name)
        return self._entries.get(name, default)

    def __contains__(self, name: object) -> bool:
        self._read[self._part, str(name)] = self._entries.get(str(name))
        return name in self._entries

    def all(self) -> Mapping[str, Any]:
        """Return the whole section, all of it read."""
        self._read[self._part, None] = self._entries
        return self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def keys(self) -> KeysView[str]:
        return self.all().keys()

    def values(self) -> ValuesView[Any]:
        return self.all().values()

    def items(self) -> ItemsView[str, Any]:
        return self.all().items()


_Known = tuple[Any, _Read, tuple[Finding, ...]]
"""The node that rules were run on, what else they read, what they found."""


class _Group(NamedTuple):
    """Rules that are run together: on which nodes, and what came of each node."""

    on: Subject
    rules: list[Rule]
    memory: dict[int, _Known]


class Runner:
    """Runs rules over the environments of one run; what several share is checked once.

    Rules are pure: where the node and all else that a rule read are the very same objects, so are its findings.
    """

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = tuple(rule for rule in rules if rule.check is not None)
        self._groups: dict[str, _Group] = {}
        for item in self.rules:
            name = item.code if item.on == "stack" else f"{item.on} in the stack" if _takes_stack(item) else item.on
            self._groups.setdefault(name, _Group(item.on, [], {})).rules.append(item)

    def run(self, stack: Stack) -> list[Finding]:
        """Return the findings of all rules about one environment."""
        found: list[Finding] = []
        for subject, rules, memory in self._groups.values():
            for node in (None,) if subject == "stack" else nodes(stack, subject):
                known = memory.get(id(node))
                if known is None or (known[1] and not _unchanged(stack, known[1])):
                    known = memory[id(node)] = _run(rules, node, stack)
                if known[2]:
                    found += known[2]
        return found


def _takes_stack(item: Rule) -> bool:
    code = getattr(item.check, "__code__", None)
    return code is not None and code.co_argcount > 1


def _run(rules: list[Rule], node: Any, stack: Stack) -> _Known:
    """Run rules that take the same arguments about one node, or about the whole where it is None."""
    if rules[0].on == "launches":
        return node, {}, tuple(dict.fromkeys(_launched.findings(rules, node)))
    traced = _Traced(stack)
    given = (traced,) if node is None else (node, traced) if _takes_stack(rules[0]) else (node,)
    found: list[Finding] = []
    for item in rules:
        assert item.check is not None
        for finding in item.check(*given):
            found.append(replace(finding, code=item.code, severity=finding.severity or item.severity))
    return node, traced.read, tuple(found)


def _unchanged(stack: Stack, read: _Read) -> bool:
    for (part, name), value in read.items():
        now = getattr(stack, part)
        if (now if name is None else now.get(name)) is not value:
            return False
    return True


def nodes(stack: Stack, subject: str) -> Iterable[Any]:
    """Return the nodes that rules about a subject are run on."""
    if subject == "routes":
        return stack.gateway.routes.values() if stack.gateway else ()
    if subject == "launches":
        return stack.models.values()
    section: Mapping[str, Any] = getattr(stack, subject)
    return section.values()
