"""Running one spec in a folder of its own, as tests of rules do."""

from __future__ import annotations

import textwrap
from pathlib import Path

from stackspec.ir.record import replace
from stackspec.project import Project
from stackspec.report import Located, Report
from stackspec.report.build import check_spec, report_of

MEMORY = frozenset(("kv-cache-does-not-fit", "weights-do-not-fit", "may-not-fit"))
"""What estimates of memory say: specs that are about something else need not run, and `test_memory.py` is about these."""
WANTED = {"error": ("error",), "warning": ("error", "warning"), "info": ("error", "warning", "info")}


def report(spec: str = "stack.yaml") -> Report:
    """Check a spec of the current folder with every rule."""
    return report_of(check_spec(Project(spec), None))


def about(code: str, whole: Report) -> Report:
    """Return a report with the findings of one code only."""
    return replace(whole, findings=tuple(item for item in whole.findings if item.code == code))


def shown(folder: Path, text: str) -> tuple[Located, ...]:
    """Return what is reported about a spec, which is written to the folder first."""
    path = folder / "stack.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return report(str(path)).shown


def codes(folder: Path, text: str, *, least: str = "warning") -> list[str]:
    """Return the codes of what is reported from a severity upwards, in order; what back ends realise, and memory, are other matters."""
    elsewhere = MEMORY | {"not-realised"}
    return [item.code for item in shown(folder, text) if item.severity in WANTED[least] and item.code not in elsewhere]
