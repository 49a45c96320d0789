"""For programs: one object, `stackspec/lint/1`; its schema is schemas/lint-1.schema.json."""

from __future__ import annotations

from stackspec.report import Report
from stackspec.report.payload import dumps, envelope


def render(report: Report) -> str:
    """Return the report as one JSON object."""
    return dumps(envelope(report))
