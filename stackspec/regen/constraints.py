"""The table of vLLM's own cross-field rules: which rule of ours finds each of them, or why none can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stackspec import rules

ONLINE = False
ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "stackspec" / "catalog" / "engines" / "vllm" / "constraints.json"
PAGE = ROOT / "docs" / "vllm-constraints.md"
_HEAD = """\
<!-- Written by `python -m stackspec.regen` from stackspec/catalog/engines/vllm/constraints.json and the rules. -->
# What vLLM's own configuration asks for

Every condition between settings that vLLM checks, or silently acts on, read in its sources ({source}, {retrieved}; files below that
folder, lines of that release). *Needs* says what decides it: the launch alone, the model's `config.json`, the accelerator, or the
host. *When* vLLM itself would say so: P reading its arguments, C building its configuration, R later, at start or at a request. Tests
ask the real configuration of several releases about the Bad and the Good example of each rule in `stackspec/rules/vllm/`.

| # | condition | needs | when | where | found by |
|---|---|---|---|---|---|
"""


def outputs() -> dict[Path, bytes]:
    """Return the page."""
    table: dict[str, Any] = json.loads(TABLE.read_bytes())
    found = finders()
    lines = "".join(_line(row, found.get(row["row"], [])) for row in table["rows"])
    head = _HEAD.format(source=table["source"], retrieved=table["retrieved"])
    return {PAGE: (head + lines).encode()}


def finders() -> dict[int, list[str]]:
    """Return the codes of the rules that say which rows they are about, by row."""
    found: dict[int, list[str]] = {}
    for item in rules.every():
        for row in item.reads.rows if item.reads else ():
            found.setdefault(row, []).append(item.code)
    return found


def _line(row: dict[str, Any], found: list[str]) -> str:
    codes = sorted({*found, *row.get("rules", [])})
    how = ", ".join(f"[{code}](rules/{code}.md)" for code in codes)
    if "undecided" in row:
        how = f"{how}; {row['undecided']}" if how else f"not decided: {row['undecided']}"
    cells = (row["row"], row["says"], ", ".join(row["needs"]), row["when"], row["source"], how)
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"
