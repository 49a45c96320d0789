"""Findings → text in one of the formats; each is a module of `styles/`, found by its name and imported when asked for."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping, Sequence

from stackspec.diagnostics import SEVERITIES, Severity
from stackspec.folders import beside, modules
from stackspec.ir.record import record
from stackspec.report.located import Located, Rule, locate
from stackspec.source import Source

__all__ = ["Located", "Report", "Rule", "count", "formats", "join", "locate", "render", "summary"]


@record
class Report:
    """What a format shows. `spec` is None where several were given; `rules` gives title, explanation, address and severity by code."""

    spec: str | None
    environments: tuple[str, ...]
    findings: tuple[Located, ...]
    version: str
    catalog: str
    sources: Mapping[str, Source]
    color: bool = False
    width: int = 120
    rules: Mapping[str, Rule] = {}  # never changed

    @property
    def shown(self) -> tuple[Located, ...]:
        """The findings that count: those that no comment silences."""
        return tuple(one for one in self.findings if one.suppressed is None)


@functools.cache
def formats() -> tuple[str, ...]:
    """Return the names of all formats, without importing them."""
    return modules(beside(__file__, "styles", "__init__.py"))


def render(name: str, report: Report) -> str:
    """Return a report in a format, without a line break at its end; raises KeyError for a format that does not exist."""
    if name not in formats():
        raise KeyError(name)
    text: str = importlib.import_module(f"stackspec.report.styles.{name}").render(report)
    return text


def join(reports: Sequence[Report], *, color: bool = False, width: int = 120) -> Report:
    """Return one report of several specs; what files have in common is reported once."""
    found: dict[tuple[object, ...], Located] = {}
    sources: dict[str, Source] = {}
    rules: dict[str, Rule] | Mapping[str, Rule] = {}
    for report in reports:
        sources.update(report.sources)
        rules = report.rules
        for one in report.findings:
            place = (one.primary.file, one.primary.start.offset, one.primary.end.offset)
            found.setdefault((*place, one.primary.path, one.code, one.message, one.environments), one)
    return Report(
        spec=reports[0].spec if len(reports) == 1 else None,
        environments=tuple(sorted({name for report in reports for name in report.environments})),
        findings=tuple(found.values()),
        version=reports[0].version if reports else "",
        catalog=reports[0].catalog if reports else "",
        sources=sources,
        color=color,
        width=width,
        rules=rules,
    )


def count(report: Report) -> dict[Severity, int]:
    """Return how many findings of each severity count."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for one in report.shown:
        counts[one.severity] += 1
    return counts


def summary(report: Report) -> str:
    """Return the line that ends a report for people, such as `2 errors, 1 warning in stack.yaml (4 environments)`."""
    counts = count(report)
    words = {"error": "error", "warning": "warning", "info": "note"}
    parts = [plural(counts[severity], words[severity]) for severity in SEVERITIES if counts[severity]]
    text = ", ".join(parts) or "no findings"
    if report.spec is not None:
        text += f" in {'standard input' if report.spec == '-' else report.spec}"
    silenced = len(report.findings) - len(report.shown)
    details = [plural(len(report.environments), "environment")] if len(report.environments) > 1 else []
    details += [f"{silenced} suppressed"] if silenced else []
    return f"{text} ({', '.join(details)})" if details else text


def plural(number: int, word: str) -> str:
    """Return a number with its noun."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
