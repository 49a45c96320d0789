"""What is installed works alone: back ends and schemas lie inside the package, and the source archive makes the same wheel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.tool


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd, env=environment).stdout


@pytest.fixture(scope="module")
def uv() -> str:
    return shutil.which("uv") or str(Path(sys.executable).with_name("uv"))


@pytest.fixture(scope="module")
def wheel(uv: str, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("direct")
    run(uv, "build", "--quiet", "--wheel", "--out-dir", folder, project, cwd=folder)
    return next(folder.glob("*.whl"))


def test_no_top_level_package_but_ours(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"stackspec", "stackspec-0.1.0.dist-info"}


def test_source_archive_makes_the_same_wheel(wheel: Path, uv: str, project: Path, tmp_path: Path) -> None:
    run(uv, "build", "--quiet", "--out-dir", tmp_path, project, cwd=tmp_path)  # the wheel is built from the source archive
    assert next(tmp_path.glob("*.whl")).read_bytes() == wheel.read_bytes()


def test_installed_package_compiles(wheel: Path, uv: str, project: Path, tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    run(uv, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)
    pins = ("--constraint", project / "constraints.txt")
    run(uv, "pip", "install", "--quiet", "--python", python, *pins, wheel, cwd=tmp_path)
    shutil.copytree(project / "examples" / "quickstart", tmp_path / "work", ignore=shutil.ignore_patterns("out"))
    run(python, "-m", "stackspec", "compile", cwd=tmp_path / "work")
    found = run(python, "-c", "import stackspec.targets as t; print(t.__path__)", cwd=tmp_path)
    assert found.strip() == str([str(next((tmp_path / "venv").glob("lib/python*/site-packages/stackspec/targets")))])
    assert (tmp_path / "work" / "out" / "stackspec.manifest.json").is_file()
