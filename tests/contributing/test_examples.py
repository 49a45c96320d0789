"""The worked examples of CONTRIBUTING.md, followed literally in a copy of the source."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.blocks import examples, sections

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_FILE = re.compile(r"`((?:stackspec|targets)/[\w/]+\.py)`[^`]*:\n\n(`{3,})python\n(.*?)\n\2\n", re.DOTALL)
_FOLDERS = ("stackspec", "targets", "schemas")
_SPEC = """\
stackspec: v1
name: demo
owner: people
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {my-server: {version: "1.0.0"}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, engine: my-server}}
targets: {hello: {}, compose: {}}
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the source that has every file of the guide, and its row of the catalog."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in _FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)  # marks a checkout
    for path, _, text in _FILE.findall(GUIDE):
        target = folder / path
        assert not target.exists(), "an example shows something new"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text + "\n", encoding="utf-8")
    (row,) = re.findall(r"```json\n(.*?),\n```", GUIDE, re.DOTALL)
    catalog = folder / "stackspec" / "catalog" / "accelerators.json"
    lines = catalog.read_text(encoding="utf-8").strip().splitlines()[1:-1]
    rows = sorted([row, *(line.rstrip(",") for line in lines)])
    catalog.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    return folder


def stackspec(checkout: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "stackspec", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_guide_has_a_file_for_each_kind_of_addition(checkout: Path) -> None:
    assert [path for path, _, _ in _FILE.findall(GUIDE)] == [
        "stackspec/rules/sampling_without_effect.py",
        "targets/hello/__init__.py",
        "targets/hello/render.py",
        "stackspec/engines/my_server.py",
    ]


def test_the_rule_fires_where_it_is_marked_and_is_silent_otherwise(checkout: Path, tmp_path: Path) -> None:
    page = stackspec(checkout, tmp_path, "rule", "sampling-without-effect", "-f", "json")
    found = sections(json.loads(page.stdout)["rules"][0]["documentation"])
    (bad,), (good,) = examples(found["Bad"]), examples(found["Good"])
    bad.write(tmp_path)
    report = json.loads(stackspec(checkout, tmp_path, "lint", "-f", "json").stdout)
    (finding,) = [item for item in report["findings"] if item["severity"] != "info"]
    start, end = finding["primary"]["start"], finding["primary"]["end"]
    (mark,), (related,) = bad.primary, bad.secondary
    assert finding["code"] == "sampling-without-effect"
    assert (start["line"], start["column"], end["column"]) == (mark.line, mark.start, mark.end)
    assert finding["related"][0]["start"]["column"] == related.start
    good.write(tmp_path)
    report = json.loads(stackspec(checkout, tmp_path, "lint", "-f", "json").stdout)
    assert [item for item in report["findings"] if item["severity"] != "info"] == []


def test_target_and_engine_write_what_the_guide_says(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text(_SPEC)
    done = stackspec(checkout, tmp_path, "compile")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "hello" / "hello.txt").read_text() == "Hello people!\n"
    launch = json.loads((tmp_path / "out" / "launch" / "chat" / "argv.json").read_text())
    assert launch["argv"][:3] == ["my-server", "--model", "Qwen/Qwen3-4B"]
    assert "registry.example/my-server:1.0.0" in (tmp_path / "out" / "compose" / "compose.yaml").read_text()


def test_the_row_is_a_fact(checkout: Path, tmp_path: Path) -> None:
    done = stackspec(checkout, tmp_path, "catalog", "accelerators", "x1-24gb", "-f", "json")
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)["entries"]) == ["x1"]


def test_a_field_goes_where_the_guide_says() -> None:
    names = re.findall(r"`((?:spec|resolve|ir|engines|serving|catalog)/[\w/]+\.(?:py|json))`", GUIDE)
    assert [name for name in names if not (ROOT / "stackspec" / name).is_file()] == []
    from stackspec.spec import types

    assert hasattr(types, "Amount") and "\n   priority: Amount = 0\n" in GUIDE
