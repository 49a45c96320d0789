"""For reviewdog: Reviewdog Diagnostic Format, whose columns count UTF-8 bytes."""

from __future__ import annotations

from typing import Any

from stackspec.places import Position, Tree
from stackspec.report import Report
from stackspec.report.located import Located
from stackspec.report.payload import dumps

SEVERITY = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}

Json = dict[str, Any]  # Any: JSON


def render(report: Report) -> str:
    """Return the findings as one DiagnosticResult."""
    return dumps({"source": {"name": "stackspec"}, "diagnostics": [_diagnostic(one) for one in report.shown]})


def _diagnostic(found: Located) -> Json:
    place = found.primary
    code: Json = {"value": found.code, **({"url": found.url} if found.url else {})}
    diagnostic: Json = {
        "message": found.message if found.hint is None else f"{found.message}\n{found.hint}",
        "location": {"path": place.file, "range": _range(place.tree, place.start, place.end)},
        "severity": SEVERITY[found.severity],
        "code": code,
    }
    if found.related:
        diagnostic["related_locations"] = [
            {
                "message": one.message,
                "location": {"path": one.place.file, "range": _range(one.place.tree, one.place.start, one.place.end)},
            }
            for one in found.related
        ]
    if found.fix and all(edit.file == place.file for edit in found.fix.edits):
        diagnostic["suggestions"] = [
            {"range": _range(place.tree, edit.start, edit.end), "text": edit.text} for edit in found.fix.edits
        ]
    return diagnostic


def _range(tree: Tree, start: Position, end: Position) -> Json:
    return {"start": _position(tree, start), "end": _position(tree, end)}


def _position(tree: Tree, place: Position) -> Json:
    before = tree.source.line(place.line)[: place.column - 1]
    return {"line": place.line, "column": len(before.encode()) + 1}
