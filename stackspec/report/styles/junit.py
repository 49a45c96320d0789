"""For test reports: a suite per file; errors and warnings fail, information passes with its text, silenced findings are skipped."""

from __future__ import annotations

from stackspec.report import Report
from stackspec.report.located import Located
from stackspec.report.redact import visible

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def render(report: Report) -> str:
    """Return the report as XML."""
    files = {one.primary.file: None for one in report.findings} or {report.spec or "stackspec": None}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {_counts(report.findings)}>"]
    for file in files:
        lines += _suite(file, [one for one in report.findings if one.primary.file == file])
    return "\n".join([*lines, "</testsuites>"])


def _suite(file: str, findings: list[Located]) -> list[str]:
    lines = [f'  <testsuite name="{_text(file)}" {_counts(findings)}>']
    if not findings:
        lines.append(f'    <testcase name="lint" classname="{_text(file)}"/>')
    for one in findings:
        lines += _case(one)
    return [*lines, "  </testsuite>"]


def _counts(findings: tuple[Located, ...] | list[Located]) -> str:
    failures = sum(one.suppressed is None and one.severity != "info" for one in findings)
    skipped = sum(one.suppressed is not None for one in findings)
    return f'tests="{max(1, len(findings))}" failures="{failures}" errors="0" skipped="{skipped}"'


def _case(found: Located) -> list[str]:
    place = found.primary
    where = f"{place.file}:{place.start.line}:{place.start.column}"
    detail = [f"{where}: {found.message}", *(f"in {name}" for name in found.environments)]
    detail += [f"{one.place.file}:{one.place.start.line}:{one.place.start.column}: {one.message}" for one in found.related]
    detail += [f"help: {found.hint}"] if found.hint else []
    text = "\n".join(_text(line) for line in detail)
    if found.suppressed is not None:
        inside = f'<skipped message="{_text(found.suppressed)}"/>'
    elif found.severity == "info":
        inside = f"<system-out>{text}</system-out>"
    else:
        inside = f'<failure type="{found.severity}" message="{_text(found.message)}">{text}</failure>'
    name = f"{found.code} at {place.path or where}"
    head = f'    <testcase name="{_text(name)}" classname="{_text(place.file)}" file="{_text(place.file)}" line="{place.start.line}">'
    return [head, f"      {inside}", "    </testcase>"]


def _text(text: str) -> str:
    """Return text for an attribute or an element; characters that XML cannot hold are spelled out."""
    return "".join(_ENTITIES.get(char, char) for char in visible(text).replace("\ufffe", "").replace("\uffff", ""))
