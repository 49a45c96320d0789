"""There and back: what people run becomes a spec that compiles to the same arguments, as vLLM's own parser reads them."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from stackspec.importers import Imported
from stackspec.importers.vllm.draft import telling
from stackspec.importers.vllm.grouping import Member
from tests.importers.commands import COMMANDS, SEVERAL
from tests.importers.converting import convert, started
from tests.importers.roundtrip import Ask, Compiled, asker, compiled, differences, without_template
from tests.tools.vllm_parser import VllmParser

SETTINGS = ("--set", "MODEL=Qwen/Qwen3-8B", "--set", "MAX_MODEL_LEN=16384")
"""What the collected scripts take from outside."""
LEADERS = frozenset({"VLLM_NIXL_SIDE_CHANNEL_HOST"})
"""Variables that the compiler sets to addresses of its own."""


LATE = frozenset({"unknown-engine-name"})
"""Errors of values that vLLM's parser takes and its engine refuses."""


@pytest.fixture(scope="module")
def ask(vllm_parser: VllmParser) -> Ask:
    return asker(vllm_parser)


def settled(text: str) -> str:
    """Return a script with the variables that its caller sets filled in."""
    return text.replace("$MODEL", "Qwen/Qwen3-8B").replace("$MAX_MODEL_LEN", "16384")


def changes(text: str, folder: Path, ask: Ask) -> tuple[Imported, list[str]]:
    """Import, compile and compare: return the spec, and every difference between what ran and what would run.

    What vLLM itself refuses is an error of the spec as well; any other error is one difference too many.
    """
    made = convert(text, *SETTINGS)
    result = compiled(made, folder, whatever=True)
    if not result.launches:
        return made, [f"{code}: {message}" for code, message in result.errors] or ["nothing is compiled"]
    document: Any = made.document  # Any: a spec as plain data
    found: list[str] = []
    sound = True
    for (name, entry), group in zip(document["models"].items(), started(settled(text)), strict=True):
        release = document["engines"][entry.get("engine", "vllm")]["version"]
        for member in group:
            found += _changes(name, member, result.launches, ask, release)
            sound = sound and ask(without_template(member[0].argv)) is not None
    return made, found + [f"false error: {code}: {message}" for code, message in result.errors if sound and code not in LATE]


def _changes(name: str, member: Member, launches: Mapping[str, Compiled], ask: Ask, release: str) -> list[str]:
    start, process = member
    place = name if process.role == "serve" else f"{name}/{process.role}"
    launch = launches[f"{place}-worker" if process.follower else place]
    found = differences(ask, start.argv, launch, release)
    before = {key: value for key, value in start.env.items() if not telling(key)}
    after = {key: value for key, value in launch.env.items() if not telling(key) and key not in LEADERS}
    return [f"{place}: {text}" for text in found] + ([] if before == after else [f"{place}: environment {before} → {after}"])


@pytest.mark.parametrize("name", COMMANDS)
def test_one_process(name: str, ask: Ask, tmp_path: Path) -> None:
    made, found = changes(COMMANDS[name], tmp_path, ask)
    assert (found, [finding.message for finding in made.findings if finding.severity == "error"]) == (
        [],
        AMBIGUOUS.get(name, []),
    )


AMBIGUOUS = {"abbreviated": ["`--max-num-s` may be any of --max-num-scheduled-tokens, --max-num-seqs"]}


@pytest.mark.parametrize("name", SEVERAL)
def test_several_processes(name: str, ask: Ask, tmp_path: Path) -> None:
    assert changes(SEVERAL[name], tmp_path, ask)[1] == []


def guides() -> Iterator[tuple[str, str]]:
    """Yield (recipe, block of shell) of the guides that start vLLM."""
    for path in sorted(Path(os.environ["STACKSPEC_RECIPES"], "models").rglob("*.y*ml")):
        guide = yaml.safe_load(path.read_text(encoding="utf-8")).get("guide") or ""
        for block in re.findall(r"^ *```\w*[^\n]*\n(.*?)^ *```", guide, re.MULTILINE | re.DOTALL):
            if re.search(r"vllm serve|docker run .*vllm/vllm|vllm\.entrypoints", textwrap.dedent(block), re.DOTALL):
                yield path.stem, textwrap.dedent(block)


@pytest.mark.skipif("STACKSPEC_RECIPES" not in os.environ, reason="STACKSPEC_RECIPES names no folder of recipes")
def test_guides(ask: Ask, tmp_path: Path) -> None:
    """All commands of the guides are imported, and at least 99 of 100 compile to equal arguments."""
    found: list[tuple[str, list[str]]] = []
    total = 0
    for number, (recipe, block) in enumerate(guides()):
        count = sum(len(group) for group in started(block))
        total += count
        different = changes(block, tmp_path / str(number), ask)[1] if count else []
        found += [(recipe, different)] * len({text.partition(":")[0] for text in different})
    assert total > 100
    assert len(found) <= total // 100, found
