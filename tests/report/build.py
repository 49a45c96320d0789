"""Findings of small specs, composed by the real passes, without any rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stackspec.check import Checked
from stackspec.compose import Composer
from stackspec.diagnostics import Finding
from stackspec.ir.record import replace
from stackspec.report import Report, locate
from stackspec.source import Faulty, Map, Mark, Source, load

ENTRIES = ("models", "tools")


def checked(text: str | dict[str, str], *findings: tuple[str | None, Finding], bom: bool = False) -> Checked:
    """Return the documents of a spec, `stack.yaml`, with what it extends, and the findings that are given."""
    files = {"stack.yaml": text} if isinstance(text, str) else text
    sources = {name: Source(name, content, bom=bom) for name, content in files.items()}
    found = list(findings)
    documents: dict[str, Map] = {}
    try:
        root, faults = load(sources["stack.yaml"])
        found += [(None, fault) for fault in faults]
        composer = Composer(root, ENTRIES, lambda mark, name: _open(sources, mark, name))
        documents = {one.name or "": one.document for one in composer.environments()}
    except Faulty as error:
        found.append((None, error.finding))
    stacks: dict[str, Any] = dict.fromkeys(documents)
    return Checked("stack.yaml", tuple(documents), sources, documents, stacks, tuple(found))


def _open(sources: dict[str, Source], mark: Mark, name: str) -> Map:
    return load(sources[name])[0]


def report(run: Checked, **more: Any) -> Report:
    """Return the report of a run, in a width that fits a page."""
    names = tuple(name for name in run.environments if name)
    found = locate(run, rules=more.get("rules"))
    return replace(Report("stack.yaml", names, found, "0.1.0", "2026-11", run.sources, width=100), **more)


def finding(*at: str | int, code: str = "some-fault", message: str = "it is wrong", **more: Any) -> Finding:
    """Return an error."""
    return Finding(message, at, code=code, severity=more.pop("severity", "error"), **more)


def everywhere(names: Sequence[str], *findings: Finding) -> tuple[tuple[str | None, Finding], ...]:
    """Return the findings once for each environment."""
    return tuple((name, one) for name in names for one in findings)
