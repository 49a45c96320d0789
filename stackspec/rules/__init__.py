"""Rules: one file each. A rule reads the Stack and yields findings; its docstring is its documentation, its help and its test.

A rule about one kind of node takes that node (`on="models"`), and the Stack as a second argument where it needs to look around; a
rule about the whole takes the Stack, and asks for a fact of `each` node where it needs little of many. What several environments
share is checked once. A file in `reported/` documents a code that an earlier pass reports: it has no function and is never imported to
check a spec; one in `imported/` documents what `stackspec import` says. A folder named after an engine holds rules about its
configuration, `on="launches"`: `index.json`, written by regen, says which flags each one reads, so that only rules about flags that a
launch has are ever imported. Installed packages add rules through entry points of the group `stackspec.rules`, named by code.
"""

from __future__ import annotations

import functools
import importlib
import json
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from stackspec.diagnostics import Finding, Severity, StackspecError
from stackspec.folders import beside, modules, text
from stackspec.ir.record import replace
from stackspec.ir.stack import Stack
from stackspec.rules import _launched
from stackspec.rules._asked import Asked, Memory, takes_stack
from stackspec.rules._declared import Check, Reads, Rule, Subject, rule
from stackspec.rules._launched import Called, Launched

__all__ = [
    "Check", "Launched", "Reads", "Rule", "Runner", "Subject", "checking", "codes", "every", "load", "plugins", "remarks", "rule",
    "severity",
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
    if name in _imported():
        return _rule(code, importlib.import_module(f"stackspec.rules.imported.{name}"))
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


def remarks() -> tuple[str, ...]:
    """Return the codes of what `stackspec import` says, sorted: they are about a command or a file, and never about a spec."""
    return tuple(sorted(name.replace("_", "-") for name in _imported()))


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
    return tuple(name for name in modules(__file__) if name not in _names() and name not in ("reported", "imported"))


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


@functools.cache
def _imported() -> tuple[str, ...]:
    return modules(beside(__file__, "imported", "__init__.py"))


class Runner:
    """Runs rules over the environments of one run; what several share is checked once."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        groups: dict[object, list[Rule]] = {}
        for item in rules:
            if item.check is not None:
                key = item.code if item.on == "stack" else (item.on, takes_stack(item.check))
                groups.setdefault(key, []).append(item)
        self._memory = Memory()
        self._groups = [Asked(group[0].on, _function(group)) for group in groups.values()]

    def run(self, stack: Stack) -> list[Finding]:
        """Return the findings of all rules about one environment."""
        found: list[Finding] = []
        for asked in self._groups:
            for findings in self._memory.values(stack, asked):
                if findings:
                    found += findings
        return found


def _function(rules: list[Rule]) -> Callable[[Any, Stack], tuple[Finding, ...]]:
    """Return the function of rules that take the same arguments: node, or None for the whole, and Stack → what they find."""
    if rules[0].on != "launches":
        return functools.partial(_findings, rules)
    called = Called(rules)
    return lambda node, _: tuple(dict.fromkeys(called.findings(node)))


def _findings(rules: list[Rule], node: Any, stack: Stack) -> tuple[Finding, ...]:
    given = (stack,) if node is None else (node, stack) if takes_stack(rules[0].check) else (node,)
    found: list[Finding] = []
    for item in rules:
        assert item.check is not None
        for finding in item.check(*given):
            found.append(replace(finding, code=item.code, severity=finding.severity or item.severity))
    return tuple(found)
