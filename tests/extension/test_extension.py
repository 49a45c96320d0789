"""A third-party package, built and installed for real, adds a target and a rule."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.require import require_tool

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SPEC = """\
stackspec: v1
name: demo
owner: me@example.com
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {m: {model: Qwen/Qwen3-4B}}
targets: {notes: {}}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package and unpack it into a folder of its own, as an installer would."""
    from zipfile import ZipFile

    work = tmp_path_factory.mktemp("extension")
    uv = require_tool("uv")
    command = [str(uv), "build", "--quiet", "--wheel", "--out-dir", str(work), str(HERE / "stackspec-example")]
    subprocess.run(command, check=True, capture_output=True)
    site = work / "site"
    with ZipFile(next(work.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    return site


def stackspec(site: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)]), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "stackspec", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stack.yaml").write_text(SPEC)
    return tmp_path


def test_the_rule_fires_on_its_line(installed: Path, folder: Path) -> None:
    found = stackspec(installed, folder, "lint", "--select", "model-name-too-short", "-f", "concise")
    assert found.stdout.splitlines()[0] == "stack.yaml:5:10: warning[model-name-too-short] `m` is too short to say what it is"
    assert found.returncode == 0


def test_the_rule_explains_itself(installed: Path, folder: Path) -> None:
    found = stackspec(installed, folder, "rule", "model-name-too-short")
    assert found.returncode == 0 and "## Why\nNames are what people read" in found.stdout


def test_the_target_writes_its_files(installed: Path, folder: Path) -> None:
    found = stackspec(installed, folder, "compile")
    assert found.returncode == 0, found.stderr
    assert (folder / "out" / "notes" / "all.txt").read_text() == "owner: me@example.com\nm\n"


def test_the_catalog_lists_the_target(installed: Path, folder: Path, tmp_path: Path) -> None:
    assert any(line.split()[0] == "notes" for line in stackspec(installed, folder, "catalog", "targets").stdout.splitlines())
    without = stackspec(tmp_path / "nowhere", folder, "catalog", "targets")
    assert without.returncode == 0 and "notes" not in without.stdout


def test_without_the_package_its_target_is_an_error_with_a_hint(tmp_path: Path, folder: Path) -> None:
    found = stackspec(tmp_path, folder, "lint")
    assert found.returncode == 1 and "there is no target `notes`" in found.stdout


def test_a_package_that_cannot_be_loaded_is_one_clear_error(tmp_path: Path, folder: Path) -> None:
    site = tmp_path / "site"
    info = site / "broken-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[stackspec.targets]\nnotes = not_there:TARGET\n")
    found = stackspec(site, folder, "lint")
    assert (found.returncode, found.stdout) == (3, "")
    assert "`notes`" in found.stderr and "Traceback" not in found.stderr
