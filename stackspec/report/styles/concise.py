"""One line per finding: file:line:column: severity[code] message."""

from __future__ import annotations

from stackspec.report import Report, summary
from stackspec.report.located import Located
from stackspec.report.paint import Painter
from stackspec.report.redact import visible


def render(report: Report) -> str:
    """Return a line for each finding, and the summary."""
    paint = Painter(report.color)
    return "\n".join([*(_line(one, report, paint) for one in report.shown), visible(summary(report))])


def _line(found: Located, report: Report, paint: Painter) -> str:
    place = found.primary
    some = found.environments and len(found.environments) < len(report.environments)
    where = f" (in {visible(', '.join(found.environments))})" if some else ""
    name = paint(f"{found.severity}[{found.code}]", found.severity)
    return f"{visible(place.file)}:{place.start.line}:{place.start.column}: {name} {visible(found.message)}{where}"
