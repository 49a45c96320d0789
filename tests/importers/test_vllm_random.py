"""Random command lines of each release: whatever its parser takes survives import and compilation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.release import release
from stackspec.importers import Process
from stackspec.importers.vllm import import_model
from stackspec.ir.record import replace
from stackspec.ir.stack import Flag, Launch
from tests.engines import draws
from tests.engines.build import built, path, spelled
from tests.importers.roundtrip import asker, compiled, differences
from tests.tools.vllm_parser import RELEASES, VllmParser

COUNT, COMPARED = 150, 40
UNSAYABLE = frozenset(
    {
        "adapter-source-unknown", "adapter-unreadable", "keys-lost", "name-unservable", "ranks-nowhere", "secret-lost",
        "task-unknown", "tokenizer-source-unknown", "value-unknown",
    }
)  # fmt: skip
"""What nobody would write and random values hold: names that no client can send, tokenizers that lie nowhere, tasks of old releases."""
BEYOND = frozenset({"out-of-range", "bad-quantity"})
"""Numbers that vLLM's parser takes and nobody can use, such as port 0."""


@pytest.mark.parametrize("version", RELEASES)
def test_random_command_lines(version: str, vllm_parsers: Callable[[str], VllmParser], tmp_path: Path) -> None:
    plain = replace(built(tmp_path, {"model": "Qwen/Qwen3-4B"}, engines={"vllm": {"version": version}}).launch, flags=())
    ask, tally = asker(vllm_parsers(version)), Counter[str]()

    @settings(
        max_examples=COUNT, deadline=None, database=None, phases=(Phase.generate,), derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )  # fmt: skip
    @given(flags=draws.launches(release(version)))
    def tried(flags: tuple[Flag, ...]) -> None:
        argv = words(plain, flags)
        if ask(argv) is None:
            tally["refused by vLLM"] += 1
            return
        made = import_model([Process(argv)], version)
        errors = {finding.code for finding in made.findings if finding.severity == "error"}
        assert errors <= UNSAYABLE, [finding.message for finding in made.findings if finding.severity == "error"]
        if errors:
            tally["not sayable"] += 1
            return
        result = compiled(made, tmp_path, whatever=True)
        if not result.launches:
            assert {code for code, _ in result.errors} <= BEYOND, result.errors
            tally["beyond bounds"] += 1
            return
        if len(result.launches) > 1:  # one node of many: which one is not this line's to say
            tally["several nodes"] += 1
            return
        tally["compared"] += 1
        (launch,) = result.launches.values()
        assert differences(ask, argv, launch, version) == []

    tried()
    assert tally["compared"] >= COMPARED, tally


def words(plain: Launch, flags: tuple[Flag, ...]) -> tuple[str, ...]:
    """Return the words after `vllm serve`."""
    return tuple(spelled(ENGINE.argv(replace(plain, flags=flags), path))[2:])
