"""Rules: one file each. A rule reads the Stack and yields findings; its docstring is its documentation, its help and its test.

A rule about one kind of node takes that node (`on="models"`) and is run once for a node that several environments share; a rule
about the whole takes the Stack. A file in `reported/` documents a code that an earlier pass reports: it has no function and is
never imported to check a spec. Installed packages add rules through entry points of the group `stackspec.rules`, named by code.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any, Literal, Protocol

from stackspec.diagnostics import Finding, Severity, StackspecError
from stackspec.folders import beside, modules
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Stack

Subject = Literal["stack", "models", "pools", "routes", "retrieval", "tools", "agents", "teams", "apps", "secrets",
                  "charts", "engines"]  # fmt: skip
GROUP = "stackspec.rules"
"""Entry points of third-party rules: the name is the code, the object a module like the ones here."""


class Check(Protocol):
    """The function of a rule: a node of the Stack, or all of it → findings."""

    def __call__(self, node: Any, /) -> Iterable[Finding]: ...


@record
class Rule:
    """One rule. `code` is the name of its file with dashes, `severity` what its findings have unless they say otherwise."""

    code: str
    severity: Severity
    on: Subject
    check: Check | None
    aliases: tuple[str, ...]
    doc: str

    @property
    def title(self) -> str:
        """The first line of its documentation."""
        return self.doc.strip().partition("\n")[0]


def rule(
    severity: Severity, *, on: Subject = "stack", aliases: tuple[str, ...] = ()
) -> Callable[[Check], Check]:  # fmt: skip
    """Declare the function of a rule; code and documentation come from its file."""

    def mark(check: Check) -> Check:
        check.rule = (severity, on, aliases)  # type: ignore[attr-defined]  # read by `load`
        return check

    return mark


@functools.cache
def load(code: str) -> Rule | None:
    """Return one rule by code, or None; raises StackspecError where an installed one cannot be loaded."""
    name = code.replace("-", "_")
    if name in _names():
        return _rule(code, importlib.import_module(f"stackspec.rules.{name}"))
    if name in _reported():
        return _rule(code, importlib.import_module(f"stackspec.rules.reported.{name}"))
    return _plugged_in(code) if code in plugins() else None


def _rule(code: str, module: ModuleType) -> Rule:
    check = getattr(module, "check", None)
    declared: tuple[Severity, Subject, tuple[str, ...]] = (
        check.rule if check else (module.SEVERITY, "stack", getattr(module, "ALIASES", ()))
    )
    severity, on, aliases = declared
    return Rule(code, severity, on, check, aliases, module.__doc__ or "")


def _plugged_in(code: str) -> Rule:
    try:
        return _rule(code, plugins()[code].load())
    except Exception as error:  # a broken plug-in is the world's fault, whatever it raises
        raise StackspecError(f"the rule `{code}` of an installed package cannot be loaded: {error}", code=3) from error


def codes() -> tuple[str, ...]:
    """Return all codes, sorted: of rules, of earlier passes, of installed packages."""
    return tuple(sorted({name.replace("_", "-") for name in (*_names(), *_reported())} | plugins().keys()))


def every() -> tuple[Rule, ...]:
    """Return everything that has a code, in order of the codes: for documentation."""
    return tuple(found for code in codes() if (found := load(code)) is not None)


def checking() -> tuple[Rule, ...]:
    """Return the rules that have a function, in order of their codes: for checking."""
    names = sorted({name.replace("_", "-") for name in _names()} | plugins().keys())
    return tuple(found for code in names if (found := load(code)) is not None and found.check is not None)


def severity(code: str) -> Severity | None:
    """Return the severity that findings of a code have by default, or None where there is no such code."""
    found = load(code)
    return found.severity if found else None


@functools.cache
def plugins() -> Mapping[str, Any]:  # Any: importlib.metadata.EntryPoint, whose import is the cost that this avoids
    """Return the rules of installed packages, by code; a code of our own cannot be taken.

    `importlib.metadata`, which costs as much as a third of a whole run, is asked only where some package registers anything with us.
    """
    from stackspec.target import offered

    if not offered():
        return {}
    from importlib.metadata import entry_points

    ours = {name.replace("_", "-") for name in (*_names(), *_reported())}
    return {entry.name: entry for entry in entry_points(group=GROUP) if entry.name not in ours}


@functools.cache
def _names() -> tuple[str, ...]:
    return modules(__file__, packages=False)


@functools.cache
def _reported() -> tuple[str, ...]:
    return modules(beside(__file__, "reported", "__init__.py"))


class _Traced:
    """A Stack that remembers which of its parts a rule read."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._read: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._stack, name)
        self._read[name] = value
        return value


class Runner:
    """Runs rules over the environments of one run; what several share is checked once.

    A rule about a node runs once for each node. A rule about the whole runs again where a part of the Stack that it read the last
    time is another object: rules are pure, so the same parts give the same findings.
    """

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = tuple(rule for rule in rules if rule.check is not None)
        self._known: dict[tuple[str, int], tuple[Any, tuple[Finding, ...]]] = {}
        self._whole: dict[str, tuple[dict[str, Any], tuple[Finding, ...]]] = {}
        self._by_subject: dict[str, list[Rule]] = {}
        for item in self.rules:
            self._by_subject.setdefault(item.on, []).append(item)

    def run(self, stack: Stack) -> Iterator[Finding]:
        """Yield the findings of all rules about one environment."""
        for subject, rules in self._by_subject.items():
            if subject == "stack":
                for item in rules:
                    yield from self.whole(item, stack)
                continue
            for node in nodes(stack, subject):
                yield from self.about(subject, node, rules)

    def whole(self, item: Rule, stack: Stack) -> tuple[Finding, ...]:
        """Return the findings of a rule about the whole, from memory where all that it read is unchanged."""
        known = self._whole.get(item.code)
        if known is None or any(getattr(stack, name) is not value for name, value in known[0].items()):
            traced: Any = _Traced(stack)
            known = traced._read, tuple(_stamped(item, traced))
            self._whole[item.code] = known
        return known[1]

    def about(self, subject: str, node: Any, rules: list[Rule]) -> tuple[Finding, ...]:
        """Return the findings of node rules about one node, from memory where the very same node was checked before."""
        key = (subject, id(node))
        known = self._known.get(key)
        if known is None:
            known = (node, tuple(finding for item in rules for finding in _stamped(item, node)))
            self._known[key] = known
        return known[1]


def nodes(stack: Stack, subject: str) -> Iterable[Any]:
    """Return the nodes that rules about a subject are run on."""
    if subject == "routes":
        return stack.gateway.routes.values() if stack.gateway else ()
    section: Mapping[str, Any] = getattr(stack, subject)
    return section.values()


def _stamped(item: Rule, node: Any) -> Iterator[Finding]:
    assert item.check is not None
    for finding in item.check(node):
        yield replace(finding, code=item.code, severity=finding.severity or item.severity)
