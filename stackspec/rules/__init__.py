"""Rules: one file each. A rule reads the Stack and yields findings; its docstring is its documentation, its help and its test.

A rule about one kind of node takes that node (`on="models"`) and is run once for a node that several environments share; a rule
about the whole takes the Stack. A rule without a function documents a code that an earlier pass reports.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Literal, Protocol

from stackspec.diagnostics import Finding, Severity
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Stack

Subject = Literal["stack", "models", "pools", "routes", "retrieval", "tools", "agents", "teams", "apps", "secrets",
                  "charts", "engines"]  # fmt: skip


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
    """Return one rule by code, or None."""
    name = code.replace("-", "_")
    if name not in _names():
        return None
    module = importlib.import_module(f"stackspec.rules.{name}")
    check = getattr(module, "check", None)
    severity, on, aliases = check.rule if check else (module.SEVERITY, "stack", getattr(module, "ALIASES", ()))
    return Rule(code, severity, on, check, aliases, module.__doc__ or "")


def codes() -> tuple[str, ...]:
    """Return the codes of all built-in rules, sorted."""
    return tuple(name.replace("_", "-") for name in _names())


@functools.cache
def every() -> tuple[Rule, ...]:
    """Return all built-in rules in order of their codes."""
    return tuple(found for code in codes() if (found := load(code)) is not None)


@functools.cache
def _names() -> tuple[str, ...]:
    folder = FilePath(__file__).parent
    return tuple(sorted(path.stem for path in folder.iterdir() if path.suffix == ".py" and not path.stem.startswith("_")))


class Runner:
    """Runs rules over the environments of one run; a node that several share is checked once."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = tuple(rule for rule in rules if rule.check is not None)
        self._known: dict[tuple[str, int], tuple[Any, tuple[Finding, ...]]] = {}
        self._by_subject: dict[str, list[Rule]] = {}
        for item in self.rules:
            self._by_subject.setdefault(item.on, []).append(item)

    def run(self, stack: Stack) -> Iterator[Finding]:
        """Yield the findings of all rules about one environment."""
        for subject, rules in self._by_subject.items():
            if subject == "stack":
                for item in rules:
                    yield from _stamped(item, stack)
                continue
            for node in nodes(stack, subject):
                yield from self.about(subject, node, rules)

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
