"""A tool is in the cache whole or not at all, and is built again exactly when what it is built from changes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.tools.cache import Tool, folder, install, installed


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STACKSPEC_TOOLS", str(tmp_path / "cache"))
    path = tmp_path / "source"
    path.write_text("one")
    return path


def copier(source: Path, built: list[str]) -> Tool:
    def build(into: Path) -> None:
        built.append(source.read_text())
        (into / "program").write_text(source.read_text())

    return Tool("copier", (source,), build, "program")


def test_built_once_per_input(source: Path) -> None:
    built: list[str] = []
    tool = copier(source, built)
    assert installed(tool) is None
    with ThreadPoolExecutor(4) as threads:
        programs = set(threads.map(lambda _: install(tool), range(4)))
    assert (programs, built) == ({folder(tool) / "program"}, ["one"])
    source.write_text("two")
    assert installed(tool) is None
    assert install(tool).read_text() == "two"
    assert built == ["one", "two"]


@pytest.mark.parametrize("fault", [OSError("no disk"), None])
def test_nothing_is_left_of_a_failed_build(source: Path, fault: OSError | None) -> None:
    def build(into: Path) -> None:
        (into / "half").write_text("")
        if fault:
            raise fault

    tool = Tool("broken", (source,), build, "program")
    with pytest.raises(OSError, match="no disk" if fault else "made no program"):
        install(tool)
    assert installed(tool) is None
    assert [path.name for path in folder(tool).parent.iterdir()] == [f"{folder(tool).name}.lock"]
