"""For GitHub Actions: workflow commands that become annotations, which GitHub cuts off after ten of a level in a step."""

from __future__ import annotations

from stackspec.report import Report, count, summary
from stackspec.report.located import Located
from stackspec.report.redact import visible

LEVEL = {"error": "error", "warning": "warning", "info": "notice"}
LIMIT = 10


def render(report: Report) -> str:
    """Return a command for each finding; a summary comes first where GitHub will not show them all."""
    lines = [_line(one, report) for one in report.shown]
    if any(number > LIMIT for number in count(report).values()):
        text = f"{summary(report)}; GitHub shows at most {LIMIT} annotations of a level, the log has them all"
        lines.insert(0, f"::notice title=stackspec::{data(text)}")
    return "\n".join(lines)


def _line(found: Located, report: Report) -> str:
    start, end = found.primary.start, found.primary.end
    properties = {
        "file": found.primary.file,
        "line": str(start.line),
        "endLine": str(end.line),
    }
    if start.line == end.line:  # GitHub refuses columns of several lines
        properties |= {"col": str(start.column), "endColumn": str(end.column)}
    properties["title"] = f"stackspec ({found.code})"
    parts = [visible(found.message)]
    if found.environments and len(found.environments) < len(report.environments):
        parts.append(f"in {visible(', '.join(found.environments))}")
    parts += [f"{visible(one.place.file)}:{one.place.start.line}: {visible(one.message)}" for one in found.related]
    parts += [f"help: {visible(found.hint)}"] if found.hint else []
    text = ",".join(f"{name}={property_value(visible(value))}" for name, value in properties.items())
    return f"::{LEVEL[found.severity]} {text}::{data(chr(10).join(parts))}"


def data(text: str) -> str:
    """Return text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_value(text: str) -> str:
    """Return text as the value of a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
