"""For GitLab: a Code Quality report."""

from __future__ import annotations

from stackspec.report import Report
from stackspec.report.payload import dumps

SEVERITY = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    """Return the findings as a list of issues."""
    return dumps(
        [
            {
                "description": one.message if one.hint is None else f"{one.message}; {one.hint}",
                "check_name": one.code,
                "fingerprint": one.fingerprint,
                "severity": SEVERITY[one.severity],
                "location": {
                    "path": one.primary.file.removeprefix("./"),
                    "positions": {
                        "begin": {"line": one.primary.start.line, "column": one.primary.start.column},
                        "end": {"line": one.primary.end.line, "column": one.primary.end.column},
                    },
                },
            }
            for one in report.shown
        ]
    )
