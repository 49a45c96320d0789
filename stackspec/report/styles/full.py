"""For people: each finding with the lines that it is about, as a compiler shows them."""

from __future__ import annotations

from stackspec.report import Report, summary
from stackspec.report.located import Located
from stackspec.report.paint import Painter
from stackspec.report.redact import visible
from stackspec.report.snippet import snippets


def render(report: Report) -> str:
    """Return all findings and the summary."""
    paint = Painter(report.color)
    blocks = ["\n".join(_block(one, report, paint)) for one in report.shown]
    return "\n\n".join([*blocks, paint(visible(summary(report)), "bold")])


def _block(found: Located, report: Report, paint: Painter) -> list[str]:
    gutter = len(str(max(place.start.line for place in (found.primary, *(one.place for one in found.related)))))
    head = f"{paint(f'{found.severity}[{found.code}]', found.severity)}{paint(f': {visible(found.message)}', 'bold')}"
    lines = [head, *snippets(found, gutter, report.width, paint)]
    notes = _notes(found, report)
    pad = " " * gutter
    lines += [f"{pad} {paint('|', 'rule')}"] if notes else []
    return lines + [f"{pad} {paint('=', 'rule')} {paint(name, 'bold')}: {text}" for name, text in notes]


def _notes(found: Located, report: Report) -> list[tuple[str, str]]:
    notes: list[tuple[str, str]] = []
    if found.hint:
        notes.append(("help", visible(found.hint)))
    if found.environments and len(found.environments) < len(report.environments):
        notes.append(("note", f"in {visible(', '.join(found.environments))}"))
    if found.fix:
        notes.append(("fix", f"`stackspec lint --fix{'' if found.fix.safe else ' --unsafe'}` can do it"))
    return notes
