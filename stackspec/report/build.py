"""From a spec to a report: the pipeline with the rules that were asked for, its findings located."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec import catalog, rules
from stackspec.check import Checked, check
from stackspec.diagnostics import Finding
from stackspec.ir.record import record, replace
from stackspec.project import Project
from stackspec.report import Report, Rule, locate
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
    checked = check(project, found, data=data, version=VERSION, only=chosen.environments)
    if chosen.whole:
        return checked
    return replace(checked, findings=tuple(pair for pair in checked.findings if chosen.wants(pair[1].code)))


def report_of(
    checked: Checked, more: tuple[tuple[str | None, Finding], ...] = (), selection: Selection | None = None
) -> Report:  # fmt: skip
    """Return the report of a run; `more` are findings of later passes."""
    whole = (selection or Selection()).whole
    everything = replace(checked, findings=(*checked.findings, *more)) if more else checked
    pages = _pages(everything) if everything.findings or _suppresses(everything) else {}
    return Report(
        spec=checked.spec, environments=tuple(name for name in checked.environments if name),
        findings=locate(everything, rules=pages, whole=whole), version=VERSION, catalog=catalog.version(), sources=checked.sources,
        rules=pages,
    )  # fmt: skip


def _suppresses(checked: Checked) -> bool:
    return any("stackspec:" in source.text for source in checked.sources.values())


def _pages(checked: Checked) -> Mapping[str, Rule]:
    """Return title, explanation, address (none: `stackspec rule CODE` is the page) and severity by code: of every code where comments may name any, else of those found."""
    codes = rules.codes() if _suppresses(checked) else sorted({finding.code for _, finding in checked.findings})
    found = [item for code in codes if (item := rules.load(code)) is not None]
    return {item.code: (item.title, item.doc, None, item.severity) for item in found}
