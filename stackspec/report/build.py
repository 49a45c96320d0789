"""From a spec to a report: the pipeline with the rules that were asked for, its findings located."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec import catalog, rules
from stackspec.check import Checked, check
from stackspec.diagnostics import Finding
from stackspec.ir.record import record, replace
from stackspec.project import Project
from stackspec.report import Report, Rule, locate
from stackspec.report.located import suppresses
from stackspec.version import VERSION


@record
class Selection:
    """What of a spec is asked: environments and codes; empty: all."""

    environments: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def wants(self, code: str) -> bool:
        """Tell whether findings of a code are asked for."""
        return (not self.select or code in self.select) and code not in self.ignore

    @property
    def whole(self) -> bool:
        """Whether nothing is left out, so that a suppression without a finding is unused."""
        return not (self.environments or self.select or self.ignore)


def check_spec(project: Project, data: bytes | None, selection: Selection | None = None) -> Checked:
    """Check a spec with every rule that is asked for."""
    chosen = selection or Selection()
    found = tuple(rule for rule in rules.checking() if chosen.wants(rule.code))
    return check(project, found, data=data, version=VERSION, only=chosen.environments)


def report_of(
    checked: Checked, more: tuple[tuple[str | None, Finding], ...] = (), selection: Selection | None = None
) -> Report:  # fmt: skip
    """Return the report of a run; `more` are findings of later passes."""
    chosen = selection or Selection()
    everything = replace(checked, findings=(*checked.findings, *more)) if more else checked
    pages, aliases = _pages(everything)
    found = locate(everything, rules=pages, aliases=aliases, whole=chosen.whole, wants=chosen.wants)
    return Report(
        spec=checked.spec, environments=tuple(name for name in checked.environments if name), findings=found,
        version=VERSION, catalog=catalog.version(), sources=checked.sources, rules=pages,
    )  # fmt: skip


def _pages(checked: Checked) -> tuple[Mapping[str, Rule], Mapping[str, str]]:
    """Return title, explanation, address (none: `stackspec rule CODE` is the page) and severity by code, and renamed codes.

    They are those of every code where comments may name any, else of those found.
    """
    all_of_them = suppresses(checked.sources.values())
    codes = rules.codes() if all_of_them else sorted({finding.code for _, finding in checked.findings})
    found = [item for code in codes if (item := rules.load(code)) is not None]
    pages: dict[str, Rule] = {item.code: (item.title, item.doc, None, item.severity) for item in found}
    return pages, {alias: item.code for item in found for alias in item.aliases}
