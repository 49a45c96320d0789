"""Every example, in all of its environments: no error, no warning, the findings and files that people have read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stackspec import rules
from stackspec.build import build
from stackspec.check import Checked, check
from stackspec.project import Project
from stackspec.report import render
from stackspec.report.build import report_of
from tests.golden import Golden

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/stack.yaml"))


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings name files as the user named them."""
    monkeypatch.chdir(ROOT)


def checked(name: str) -> tuple[Project, Checked]:
    project = Project(f"examples/{name}/stack.yaml")
    return project, check(project, rules.checking(), version="0.1.0")


def test_the_examples_are_those_that_the_documentation_names() -> None:
    assert EXAMPLES == [
        "air-gapped", "disaggregated", "endpoint-only", "lora-tenants", "mig-slices", "multi-node", "on-prem-70b", "quickstart",
        "quickstart-kubernetes", "rag-only", "scale-to-zero", "single-gpu", "support-assistant",
    ]  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_neither_errors_nor_warnings(name: str) -> None:
    _, found = checked(name)
    assert [(environment, item.code) for environment, item in found.findings if item.severity != "info"] == []
    assert set(found.stacks) == set(found.environments)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_information_about_an_example_is_what_people_have_read(name: str, golden: Golden) -> None:
    _, found = checked(name)
    golden(f"{name}/findings.txt", render("concise", report_of(found)) + "\n")


def test_the_findings_of_the_flagship_as_json(golden: Golden) -> None:
    _, found = checked("support-assistant")
    text = render("json", report_of(found))
    data = json.loads(text)
    data["tool"]["catalog"] = "…"
    golden("support-assistant/findings.json", json.dumps(data, indent=2, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_compiles_to_the_files_that_people_have_read(
    name: str, golden: Golden, request: pytest.FixtureRequest
) -> None:
    project, found = checked(name)
    built = build(found, project)
    assert [item for item in built.findings] == []
    made = {file.path: file.content for files in built.files.values() for file in files}
    for path, content in made.items():
        golden(f"{name}/out/{path}", content)
    folder = Path(__file__).parent / "golden" / "examples" / name / "out"
    stale = sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and str(path.relative_to(folder)) not in made
    )
    if request.config.getoption("--update-golden"):
        for path in stale:
            (folder / path).unlink()
    else:
        assert stale == []
