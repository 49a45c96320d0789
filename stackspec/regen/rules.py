"""The pages of all rules: their documentation, with what a person sees where they fire."""

from __future__ import annotations

import importlib
import itertools
import json
import re
from pathlib import Path

from stackspec import rules

ONLINE = False
ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "rules"
REMARKS = ROOT / "docs" / "remarks"
GOLDEN = ROOT / "tests" / "rules" / "golden"
"""What the tests of the examples compare: the whole rendering of each Bad example."""
MARKS = re.compile(r"\s*#[ ^-]*[\^-]\s*\Z")
"""A line that marks spans of the line above it."""
FENCE = re.compile(r"(?:^With the file `([^`]+)`:\n\n?)?^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""One block of an example; one with a name is a file that the next one without a name needs."""
_GENERATED = "<!-- Written by `python -m stackspec.regen` from the documentation of the rule. -->\n"
_INDEX = """\
# Rules

Everything that `stackspec lint` reports has a code, and every code has a page. An *error* will not start, serve or be safe; a
*warning* is probably wrong, or rests on an estimate; *info* needs no change. `stackspec rule CODE` shows a page in the terminal, and
`# stackspec: ignore[CODE] reason` silences a finding on the node that the comment stands on.

| code | severity | fault |
|---|---|---|
"""


_REMARKS = """\
# Remarks of `stackspec import`

What is said, once, when a spec is made of something that runs already. *Errors* leave the spec without something that it needs; a *warning*
is probably wrong, or lost; *info* is good to know. `stackspec rule CODE` shows a page in the terminal.

| code | severity | remark |
|---|---|---|
"""


def outputs() -> dict[Path, bytes]:
    """Return the page of each rule and the index of all."""
    found = [item for code in rules.codes() if code not in rules.plugins() and (item := rules.load(code)) is not None]
    said = [item for code in rules.remarks() if (item := rules.load(code)) is not None]
    remarks = (f"| [{item.code}](remarks/{item.code}.md) | {item.severity} | {item.title.rstrip('.')} |\n" for item in said)
    rows = (f"| [{item.code}](rules/{item.code}.md) | {item.severity} | {item.title.rstrip('.')} |\n" for item in found)
    pages = {PAGES / f"{item.code}.md": page(item).encode() for item in found}
    pages |= {REMARKS / f"{item.code}.md": page(item).encode() for item in said}
    pages |= {REMARKS.with_suffix(".md"): (_GENERATED + "\n" + _REMARKS + "".join(remarks)).encode()}
    return {**pages, PAGES.with_suffix(".md"): (_GENERATED + "\n" + _INDEX + "".join(rows)).encode(), **indexes()}


def indexes() -> dict[Path, bytes]:
    """Return, for each folder of rules about an engine, what each of them reads."""
    folder = ROOT / "stackspec" / "rules"
    found: dict[Path, bytes] = {}
    for package in sorted(
        path.parent for path in folder.glob("*/__init__.py") if path.parent.name not in ("reported", "imported")
    ):
        lines = [f"{json.dumps(path.stem.replace('_', '-'))}: {_index(package.name, path.stem)}" for path in _modules(package)]
        found[package / "index.json"] = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    return found


def _modules(package: Path) -> list[Path]:
    return sorted(path for path in package.glob("*.py") if not path.name.startswith("_"))


def _index(package: str, module: str) -> str:
    severity, _, _, reads = importlib.import_module(f"stackspec.rules.{package}.{module}").check.rule
    row = {"reads": reads.names, "severity": severity, "since": reads.since, "until": reads.until}
    return json.dumps({key: value for key, value in row.items() if value is not None})


def page(item: rules.Rule) -> str:
    """Return the page of one rule; each Bad example is followed by what is printed about it."""
    title, _, rest = item.doc.strip().partition("\n")
    bad, heading, good = rest.partition("\n## Good\n")
    numbers = itertools.count(1)

    def shown(example: re.Match[str]) -> str:
        return example[0] if example[1] else example[0] + _rendering(item.code, next(numbers))

    body = FENCE.sub(shown, unmarked(bad)) + heading + unmarked(good)
    return f"{_GENERATED}\n# {item.code}\n\n**{item.severity}.** {title}\n\n{body.strip()}\n"


def unmarked(text: str) -> str:
    """Return a text without its lines of marks."""
    return "".join(line for line in text.splitlines(keepends=True) if not MARKS.match(line))


def golden(code: str, number: int) -> Path:
    """Return the file that holds what is printed about the Bad example of this number, from 1."""
    return GOLDEN / f"{code if number == 1 else f'{code}-{number}'}.txt"


def _rendering(code: str, number: int) -> str:
    path = golden(code, number)
    return f"\n\n```text\n{path.read_text(encoding='utf-8')}```" if path.is_file() else ""
