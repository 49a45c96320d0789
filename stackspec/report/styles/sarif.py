"""For code scanning: SARIF 2.1.0 with rules, related places, fixes, suppressions and fingerprints."""

from __future__ import annotations

import re
from typing import Any

from stackspec.report import Report
from stackspec.report.located import Located, LocatedFix, Place
from stackspec.report.payload import dumps
from stackspec.report.uri import uri

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVEL = {"error": "error", "warning": "warning", "info": "note"}

Json = dict[str, Any]  # Any: JSON


def render(report: Report) -> str:
    """Return the log with its one run."""
    codes = sorted({one.code for one in report.findings})
    run: Json = {
        "tool": {"driver": _driver(report, codes)},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in report.findings],
        "properties": {"catalog": report.catalog, "environments": list(report.environments)},
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver(report: Report, codes: list[str]) -> Json:
    driver: Json = {"name": "stackspec", "version": report.version}
    if report.version.count(".") == 2 and report.version.replace(".", "").isdigit():
        driver["semanticVersion"] = report.version
    return {**driver, "rules": [_rule(report, code) for code in codes]}


def _rule(report: Report, code: str) -> Json:
    known = report.rules.get(code)
    if known is None:
        return {"id": code}
    title, why, url, severity = known
    rule: Json = {"id": code, "shortDescription": {"text": title}, "defaultConfiguration": {"level": LEVEL[severity]}}
    if why:
        rule |= {"fullDescription": {"text": _first(why)}, "help": {"text": why, "markdown": why}}
    return {**rule, "helpUri": url} if url else rule


def _first(markdown: str) -> str:
    """Return the first paragraph that is no heading, on one line."""
    blocks = [block.strip() for block in markdown.split("\n\n")]
    texts = [" ".join(line for line in block.splitlines() if not line.startswith("#")).strip() for block in blocks]
    return next((text for text in texts if text), "")


def inert(text: str) -> str:
    """Return a message in which words of the spec make neither links nor placeholders, as SARIF defines them in plain text."""
    if "](" in text:
        text = re.sub(r"([\\\[\]])", r"\\\1", text)
    return _PLACEHOLDER.sub(r"{{\1}}", text)


_PLACEHOLDER = re.compile(r"\{([0-9]+)\}")


def _result(found: Located, rule: int) -> Json:
    text = found.message if found.hint is None else f"{found.message}\n{found.hint}"
    result: Json = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": LEVEL[found.severity],
        "message": {"text": inert(text)},
        "locations": [_location(found, found.primary)],
        "partialFingerprints": {"stackspec/v1": found.fingerprint},
        "properties": {"environments": list(found.environments), "path": found.primary.path},
    }
    if found.related:
        result["relatedLocations"] = [
            {"id": number, **_location(found, one.place), "message": {"text": inert(one.message)}}
            for number, one in enumerate(found.related)
        ]
    if found.fix:
        result["fixes"] = [_fix(found, found.fix)]
    if found.suppressed is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": found.suppressed}]
    return result


def _location(found: Located, place: Place) -> Json:
    source, tree = place.tree.source, place.tree
    low, high = tree.index(place.start), tree.index(place.end)
    line = source.starts[place.start.line - 1]
    context = {
        "startLine": place.start.line,
        "endLine": place.end.line,
        "snippet": {"text": found.mask.quote(source, line, max(high, line + len(source.line(place.start.line))))},
    }
    physical: Json = {
        "artifactLocation": {"uri": uri(place.file)},
        "region": {**_region(place), "snippet": {"text": found.mask.quote(source, low, high)}},
        "contextRegion": context,
    }
    location: Json = {"physicalLocation": physical}
    if place.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": place.pointer}]
    return location


def _region(place: Place) -> Json:
    return {
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
        "byteOffset": place.start.offset,
        "byteLength": place.end.offset - place.start.offset,
    }


def _fix(found: Located, fix: LocatedFix) -> Json:
    files = list(dict.fromkeys(edit.file for edit in fix.edits))
    changes: list[Json] = []
    for file in files:
        replacements: list[Json] = []
        for edit in (edit for edit in fix.edits if edit.file == file):
            region = {
                "startLine": edit.start.line,
                "startColumn": edit.start.column,
                "endLine": edit.end.line,
                "endColumn": edit.end.column,
            }
            replacements.append({"deletedRegion": region, "insertedContent": {"text": edit.text}})
        changes.append({"artifactLocation": {"uri": uri(file)}, "replacements": replacements})
    text = found.hint or "mend it"
    text = inert(text)
    return {"description": {"text": text if fix.safe else f"{text} (may change what was meant)"}, "artifactChanges": changes}
