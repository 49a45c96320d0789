"""Findings as JSON data: the contract `stackspec/lint/1`, and the writer that keeps it harmless on a terminal."""

from __future__ import annotations

import json
import re
from typing import Any

from stackspec.places import Position
from stackspec.report import Report, count
from stackspec.report.located import Located, LocatedFix, Place, Related
from stackspec.report.redact import UNSAFE

_UNSAFE = re.compile(f"[{UNSAFE}]")


def envelope(report: Report) -> dict[str, Any]:  # Any: JSON
    """Return the whole report."""
    return {
        "schema": "stackspec/lint/1",
        "tool": {"version": report.version, "catalog": report.catalog},
        "spec": report.spec,
        "environments": list(report.environments),
        "summary": dict(count(report)),
        "findings": [finding(one) for one in report.findings],
    }


def finding(found: Located) -> dict[str, Any]:  # Any: JSON
    """Return one finding."""
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "hint": found.hint,
        "url": found.url,
        "environments": list(found.environments),
        "primary": primary(found.primary),
        "related": [related(one) for one in found.related],
        "fix": None if found.fix is None else fix(found.fix),
        "suppressed": found.suppressed,
        "fingerprint": found.fingerprint,
    }


def primary(place: Place) -> dict[str, Any]:  # Any: JSON
    """Return where a finding stands, as written and in the merged document."""
    return {
        "file": place.file,
        "pointer": place.pointer,
        "path": place.path,
        "start": position(place.start),
        "end": position(place.end),
    }


def related(one: Related) -> dict[str, Any]:  # Any: JSON
    """Return a second place."""
    place = one.place
    return {
        "message": one.message,
        "file": place.file,
        "pointer": place.pointer,
        "start": position(place.start),
        "end": position(place.end),
    }


def fix(found: LocatedFix) -> dict[str, Any]:  # Any: JSON
    """Return what mends a finding."""
    edits = [
        {"file": edit.file, "start": position(edit.start), "end": position(edit.end), "text": edit.text} for edit in found.edits
    ]
    return {"safe": found.safe, "edits": edits}


def position(place: Position) -> dict[str, int]:
    """Return line and column in code points from 1, and the offset in bytes from 0."""
    return {"line": place.line, "column": place.column, "offset": place.offset}


def dumps(data: Any, *, indent: int | None = 2) -> str:  # Any: JSON
    """Return JSON in which no character moves a cursor or changes the direction of text."""
    return _UNSAFE.sub(_escape, json.dumps(data, ensure_ascii=False, indent=indent))


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    return char if char == "\n" else json.dumps(char)[1:-1]
