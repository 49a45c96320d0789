"""Unified diffs of what a plan would change, safe to print on a terminal."""

from __future__ import annotations

import re
from typing import Final

from stackspec.write.plan import WRITES, Change, Plan

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def diff(plan: Plan) -> str:
    """Return the unified diff of all that the plan would write and prune."""
    return "".join(of_change(change) for change in plan.changes if change.action in WRITES or change.action == "pruned")


def refused(plan: Plan) -> str:
    """Return the unified diff of the files that stop the plan: theirs against what would be written."""
    return "".join(of_change(change) for change in plan.refused)


def of_change(change: Change) -> str:
    """Return the unified diff of one change; files that are not text are named only."""
    import difflib

    before, after = _text(change.before), _text(change.after)
    old = f"a/{change.path}" if change.before is not None else "/dev/null"
    new = f"b/{change.path}" if change.after is not None else "/dev/null"
    if before is None or after is None:
        return f"Binary files {old} and {new} differ\n"
    if change.before == change.after:
        return f"--- {old}\n+++ {new}\n(mode {'100755' if change.executable else '100644'})\n"
    lines = difflib.unified_diff(before, after, old, new)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _text(content: bytes | None) -> list[str] | None:
    if content is None:
        return []
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    lines = re.split(r"(?<=\n)", text)
    return [_CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", line) for line in lines if line]
