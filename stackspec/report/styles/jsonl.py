"""For streams: one JSON object per line and finding, as in the list of the `json` format."""

from __future__ import annotations

from stackspec.report import Report
from stackspec.report.payload import dumps, finding


def render(report: Report) -> str:
    """Return a line for each finding."""
    return "\n".join(dumps(finding(one), indent=None) for one in report.findings)
