"""What `stackspec import` says: each remark has a page, and the example on it makes just that remark."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackspec import rules
from stackspec.importers import Process
from stackspec.importers.vllm import import_model
from stackspec.regen import rules as pages
from tests.cli.running import run
from tests.rules.blocks import SPEC, examples, sections

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"[a-z]+(?:-[a-z]+)+")
SAYING = ("say", "remark", "fault", "_trap")
"""Functions of the importers that take the code of what they say."""
PLAIN = frozenset({"accelerator-unsaid", "release-unsaid", "recipe-image-replaced"})
"""What is said of nearly every command or recipe."""


def page(code: str) -> rules.Rule:
    """Return the documentation of a remark."""
    found = rules.load(code)
    assert found is not None
    return found


def said() -> Iterator[str]:
    """Yield the codes that the importers say."""
    for path in (ROOT / "stackspec" / "importers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                words = [item.value for item in node.args[:2] if isinstance(item, ast.Constant)] if name in SAYING else []
                yield from (word for word in words if isinstance(word, str) and CODE.fullmatch(word))


def test_every_remark_has_a_page_and_every_page_is_a_remark() -> None:
    assert sorted(set(said())) == sorted(rules.remarks())
    assert not set(rules.remarks()) & set(rules.codes())
    assert sorted(pages.REMARKS.iterdir()) == sorted(pages.REMARKS / f"{code}.md" for code in rules.remarks())


@pytest.mark.parametrize("code", rules.remarks())
def test_the_example_says_it(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = sections(page(code).doc)
    assert page(code).title.endswith(".") and found["Why"].strip()
    if "Example" not in found:
        named = found["Why"].partition("Not shown: see ")[2].strip().rstrip(".")
        assert code in (ROOT / named).read_text(encoding="utf-8")
        return
    assert list(found) == ["Why", "Example"]
    (example,) = examples(found["Example"])
    example.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    _, _, told = run(capsys, *shlex.split(dict(example.files)[SPEC])[1:])
    assert f"{page(code).severity}[{code}] " in told


@pytest.mark.parametrize("code", rules.remarks())
def test_the_page_is_shown(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "rule", code)
    assert (status, out.splitlines()[0]) == (0, f"# {code} ({page(code).severity})")


def test_a_plain_command_is_remarked_upon_by_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("import", "vllm", "--accelerator", "l4", "--engine", "vllm==0.33.0", "--", "vllm", "serve", "org/name")
    assert run(capsys, *words)[2] == ""


def test_remarks_are_not_for_lint(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, told = run(capsys, "lint", "--ignore", "rank-lost", "x.yaml")
    assert (status, told.splitlines()[0]) == (2, "error: there is no rule `rank-lost`")


def test_roles_without_a_connector() -> None:
    made = import_model([Process(("org/name",), role="prefill"), Process(("org/name",), role="decode")], "0.33.0")
    assert [finding.code for finding in made.findings if finding.severity == "error"] == ["transfer-missing"] * 2
