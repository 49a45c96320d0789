"""Every rule: its Bad examples fire exactly its code where they are marked, its Good examples are silent."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

from stackspec import report, rules
from stackspec.places import Position
from stackspec.regen import rules as pages
from stackspec.regen.rules import GOLDEN, golden
from stackspec.report.located import Place
from tests.golden import Golden
from tests.rules import running
from tests.rules.blocks import Example, Span, examples, sections
from tests.rules.running import about

ROOT = Path(__file__).resolve().parents[2]
NOT_SHOWN = "Not shown: "


@functools.cache
def _rule(code: str) -> rules.Rule:
    found = rules.load(code)
    assert found is not None
    return found


def _examples(code: str, section: str) -> tuple[Example, ...]:
    return examples(sections(_rule(code).doc).get(section, ""))


def _all(section: str) -> list[tuple[str, int]]:
    return [(code, number) for code in rules.codes() for number in range(len(_examples(code, section)))]


@pytest.mark.parametrize("code", rules.codes())
def test_documentation_is_complete(code: str) -> None:
    doc = _rule(code).doc
    found = sections(doc)
    assert doc.strip().partition("\n")[0].endswith("."), "the first line says the fault in one sentence"
    assert list(found) in (["Why", "Bad", "Good"], ["Why", "Good"])
    assert found["Why"].strip() and _examples(code, "Good")
    if "Bad" in found:
        assert _examples(code, "Bad")
        return
    reason = found["Why"].partition(NOT_SHOWN)[2]
    named = reason.partition("see ")[2].strip().rstrip(".")
    assert (ROOT / named).is_file(), "a rule without a Bad example names the test that covers it"
    assert code in (ROOT / named).read_text(encoding="utf-8")


@pytest.mark.parametrize(("code", "number"), _all("Bad"))
def test_bad_fires_exactly_there(
    code: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    example = _examples(code, "Bad")[number]
    whole = _run(example, tmp_path, monkeypatch)
    found, own = whole.findings, about(code, whole).findings
    assert own
    assert [item.code for item in found if item.code != code and item.severity != "info"] == []
    assert sorted({_span(item.primary) for item in own}, key=_order) == sorted(example.primary, key=_order)
    related = {_span(why.place) for item in own for why in item.related}
    assert sorted(related, key=_order) == sorted(example.secondary, key=_order)
    compare = Golden(GOLDEN, update=bool(request.config.getoption("--update-golden")))
    compare(golden(code, number + 1).name, report.render("full", about(code, whole)) + "\n")


@pytest.mark.parametrize(("code", "number"), _all("Good"))
def test_good_is_silent(code: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _run(_examples(code, "Good")[number], tmp_path, monkeypatch).shown
    assert [item.code for item in found if item.severity != "info" or item.code == code] == []


def test_golden_files_belong_to_examples() -> None:
    assert sorted(GOLDEN.iterdir()) == sorted(golden(code, number + 1) for code, number in _all("Bad"))


def test_pages_belong_to_rules() -> None:
    assert sorted(pages.PAGES.iterdir()) == sorted(pages.PAGES / f"{code}.md" for code in rules.codes())


def test_every_reported_code_has_a_file() -> None:
    reported = {code for path in (ROOT / "stackspec").rglob("*.py") for code in _literals(path)}
    reported |= {code for path in (ROOT / "targets").rglob("*.py") for code in _literals(path)}
    assert sorted(reported - set(rules.codes())) == []
    assert sorted({item.code for item in rules.every() if item.check is None} - reported) == []


def _literals(path: Path) -> set[str]:
    """Return the codes that a module stamps on findings itself."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("Finding", "replace"):
            values = [item.value for item in node.keywords if item.arg == "code"]
        elif name in ("fault", "_fault", "_error", "_wrong"):
            values = [item for item in node.args[:4] if _is_code(item)]
        else:
            continue
        found |= {item.value for item in values if isinstance(item, ast.Constant) and isinstance(item.value, str)}
    return found


def _is_code(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in rules.codes()


def _run(example: Example, folder: Path, monkeypatch: pytest.MonkeyPatch) -> report.Report:
    monkeypatch.chdir(folder)
    example.write(folder)
    return running.report()


def _span(place: Place) -> Span:
    """Return what a place underlines on its first line."""
    return Span(place.file, place.start.line, place.start.column, _end(place, place.start, place.end))


def _end(place: Place, start: Position, end: Position) -> int:
    return end.column if end.line == start.line else len(place.tree.source.line(start.line)) + 1


def _order(span: Span) -> tuple[str, int, int, int]:
    return span.file, span.line, span.start, span.end
