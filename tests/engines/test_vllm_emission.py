"""Random launches of each release, read back by its own parser: words, and configuration file with the words beside it, agree."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.release import Release, release
from stackspec.ir.record import replace
from stackspec.ir.stack import Flag, Launch, ProjectFile
from tests.engines import draws
from tests.engines.build import built, spelled
from tests.engines.test_vllm_parser import served
from tests.tools.vllm_parser import RELEASES, VllmParser

COUNT = 500
MOST_REFUSED = 0.2
"""Share of the drawn launches that a release may refuse: fields of one configuration have rules among themselves."""


class Tally:
    """What was drawn for one release, and what its parser made of it."""

    def __init__(self) -> None:
        self.drawn: Counter[str] = Counter()
        self.accepted = 0
        self.refused: Counter[str] = Counter()

    def __str__(self) -> str:
        refused = "".join(f"\n  {count} × {why}" for why, count in self.refused.most_common(20))
        return f"{self.accepted} launches accepted, {sum(self.refused.values())} refused:{refused}\n "


@pytest.mark.parametrize("version", RELEASES)
def test_random_launches(
    version: str, vllm_parsers: Callable[[str], VllmParser], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known, tally, parser = release(version), Tally(), vllm_parsers(version)
    plain = replace(built(tmp_path, {"model": "Qwen/Qwen3-4B"}, engines={"vllm": {"version": version}}).launch, flags=())

    _try(draws.launches(known), COUNT, plain, parser, tmp_path, tally)
    for name in _never(known, tally):  # what chance left out
        _try(draws.launches(known, name), 5, plain, parser, tmp_path, tally)
    never = _never(known, tally)
    with capsys.disabled():
        sys.stdout.write(f"\n{version}: {tally}, never drawn: {never or 'none'}\n")
    assert never == []
    assert tally.accepted >= COUNT
    assert sum(tally.refused.values()) <= MOST_REFUSED * COUNT, tally.refused.most_common(20)


def _try(
    launches: st.SearchStrategy[tuple[Flag, ...]], count: int, plain: Launch, parser: VllmParser, folder: Path, tally: Tally
) -> None:
    """Judge launches until so many more are accepted; twice as many are drawn at most."""
    enough = tally.accepted + count

    @settings(
        max_examples=count * 2, deadline=None, database=None, phases=(Phase.generate, Phase.shrink), derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )  # fmt: skip
    @given(flags=launches)
    def tried(flags: tuple[Flag, ...]) -> None:
        if tally.accepted < enough:
            judged(replace(plain, flags=flags), parser, folder, tally)

    tried()


def _never(known: Release, tally: Tally) -> list[str]:
    return sorted(set(known.options) - draws.UNDRAWN.keys() - tally.drawn.keys())


def judged(launch: Launch, parser: VllmParser, folder: Path, tally: Tally) -> None:
    """Compare both forms of a launch that the release takes; one that breaks a rule between settings is counted and left."""
    verdict = parser(spelled(ENGINE.argv(launch, _nowhere))[2:])
    if not verdict.ok:
        tally.refused[verdict.errors[0][:160]] += 1
        return
    tally.accepted += 1
    tally.drawn.update(flag.name for flag in launch.flags)
    file = folder / "config.yaml"
    file.write_text(ENGINE.config_file(launch, _nowhere) or "", encoding="utf-8")
    beside = spelled(ENGINE.beside(launch, str(file), _nowhere))
    again = parser(beside[4:], config=file)
    assert again.errors == (), (launch.flags, file.read_text(encoding="utf-8"), beside)
    assert _settled(again.namespace) == _settled(verdict.namespace)
    lost = [flag for flag in launch.flags if not _there(flag, verdict.namespace)]
    assert lost == []


def _settled(namespace: dict[str, Any]) -> dict[str, Any]:
    """Return what the engine starts with, without the ids that it draws anew at each start."""
    return {
        name: {**value, "engine_id": None} if isinstance(value, dict) and "engine_id" in value else value
        for name, value in served(namespace).items()
    }


def _there(flag: Flag, namespace: dict[str, Any]) -> bool:
    """Tell whether a flag came back under its name."""
    return flag.name in namespace


def _nowhere(file: ProjectFile) -> str:
    raise AssertionError(f"{file.source}: no drawn launch has files")
