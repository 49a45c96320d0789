"""The tables of vLLM's releases: equal to the real parsers, unchanged by accident, small, and cheap to look into."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest

from stackspec.catalog.releases import numbers
from stackspec.engines.vllm import release as releases
from stackspec.engines.vllm.release import Class, Field, Option, Release, Variable, read, release, versions
from stackspec.regen import vllm as regen
from stackspec.regen._vllm_history import history
from tests.catalog.vllm_digests import RECORD, digest
from tests.tools.vllm_parser import RELEASES, VllmParser

FOLDER = regen.FOLDER
DIGESTS: dict[str, str] = json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.mark.parametrize("version", RELEASES)
def test_options_are_those_of_the_real_parser(version: str, vllm_parsers: Callable[[str], VllmParser]) -> None:
    """Every name, every choice and every default, of each release that is at hand."""
    real = {
        frozenset(row["names"]): (
            row["choices"] and sorted((c for c in row["choices"] if c is not None), key=str),
            row["default"],
        )
        for row in vllm_parsers(version).options().values()
        if "--help" not in row["names"]
    }
    ours: dict[frozenset[str], tuple[Any, Any]] = {}
    for name, row in read(version)["options"].items():
        names = frozenset({spelled(name), *row.get("aliases", ()), *row.get("negative", ())})
        ours[names] = (row.get("choices") and sorted(row["choices"], key=str), row["default"])
    assert ours == real


def spelled(name: str) -> str:
    """An option as vLLM prints it."""
    return f"--{name.replace('_', '-')}"


@pytest.mark.parametrize("version", versions())
def test_a_table_changes_only_with_its_digest(version: str) -> None:
    """Whoever reads a release anew records `python -m tests.catalog.vllm_digests` beside it, and reads the diff."""
    assert digest(version) == DIGESTS[version]


def test_every_release_has_a_digest_and_every_minor_a_release() -> None:
    assert set(DIGESTS) == set(versions())
    minors = [numbers(version)[:2] for version in versions()]
    assert minors == [(0, minor) for minor in range(8, minors[-1][1] + 1)]
    assert versions()[0] == "0.8.5"


@pytest.mark.parametrize("name", [*versions(), "history"])
def test_tables_are_written_as_they_are_read(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_bytes() == regen.lines(read(name))


def test_history_is_that_of_the_tables() -> None:
    assert read("history") == history({version: read(version) for version in versions()})


def test_the_newest_patch_of_each_minor_is_read() -> None:
    published = ["0.8.4", "0.8.5", "0.8.5.post1", "0.9.0", "0.9.0.1", "0.9.2", "0.10.1.1", "0.10.2", "0.11.0"]
    assert regen.releases(published) == {"0.8.5": "0.8.5.post1", "0.9.2": "0.9.2", "0.10.2": "0.10.2", "0.11.0": "0.11.0"}


def test_an_option_is_a_whole_record() -> None:
    assert release("0.33.0").options["gpu_memory_utilization"] == Option(
        name="gpu_memory_utilization",
        kind="value",
        type="float",
        default=0.92,
        aliases=("--device-memory-utilization",),
        above=0,
        high=1,
    )
    assert release("0.33.0").options["max_model_len"] == Option(
        name="max_model_len", kind="value", type="human-int", default=None, words=("auto",), low=-1
    )
    assert release("0.19.1").options["gpu_memory_utilization"].default == 0.9


def test_nested_classes_environment_and_registries() -> None:
    known = release("0.33.0")
    transfer = known.classes["KVTransferConfig"]
    assert (type(transfer), transfer.unknown, transfer.validated) == (Class, "refused", True)
    assert transfer["kv_role"] == Field(
        type="str", default=None, nullable=True, choices=("kv_producer", "kv_both", "kv_consumer")
    )
    assert known.environment["VLLM_WORKER_MULTIPROC_METHOD"] == Variable(type="str", default="fork", choices=("fork", "spawn"))
    assert known.registries["quantization"]["fp8"] == {"capability": [7, 5], "dtypes": ["bfloat16", "float16"]}
    assert known.registries["architectures"]["Qwen3MoeForCausalLM"] == {
        "flags": ["is_text_generation_model", "mixture_of_experts", "supports_lora", "supports_pp"],
        "tasks": ["generate"],
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [("0.33.0", "0.33.0"), ("v0.33.0", "0.33.0"), ("0.34.1", "0.33.0"), ("0.8.5.post1", "0.8.5"), ("0.6.0", "0.8.5")],
)
def test_a_release_is_judged_by_the_nearest_older_one(asked: str, found: str) -> None:
    assert (release(asked).version, release(asked).table) == (asked, found)


def test_nested_classes_are_described() -> None:
    """What a field becomes, also inside a list or a mapping, is a class of the same release, and so is what an option becomes."""
    for version in versions():
        known = release(version)
        named = {option.config for option in known.options.values() if option.config}
        inside = {name for cls in known.classes.values() for field in cls.values() for name in becomes(field)}
        assert (named | inside) - set(known.classes) == set(), version


def becomes(field: Field | None) -> set[str]:
    """The classes of a field and of what is inside it."""
    return set() if field is None else {*([field.config] if field.config else []), *becomes(field.items)}


def test_sizes() -> None:
    """The positional model aside, these are the counts of parsers and registries that were asked elsewhere."""
    counted = {
        version: (
            len(release(version).options),
            len(release(version).environment),
            *(len(release(version).registries[name]) for name in ("architectures", "tool_parsers", "reasoning_parsers")),
            len(release(version).registries["quantization"]),
        )
        for version in ("0.8.5", "0.10.2", "0.12.0", "0.16.0", "0.24.0", "0.28.0", "0.32.0", "0.33.0")
    }
    assert counted == {
        "0.8.5": (137, 109, 146, 10, 2, 27),
        "0.10.2": (176, 177, 210, 22, 8, 28),
        "0.12.0": (194, 217, 245, 27, 15, 31),
        "0.16.0": (212, 218, 284, 32, 17, 22),
        "0.24.0": (266, 268, 359, 43, 27, 30),
        "0.28.0": (284, 295, 378, 48, 31, 30),
        "0.32.0": (316, 316, 391, 54, 38, 30),
        "0.33.0": (320, 318, 415, 58, 42, 30),
    }


def test_a_look_up_parses_one_section_and_builds_one_record() -> None:
    """The work of a look-up does not grow with what it does not ask for; lines are counted, never time."""
    assert len((FOLDER / "0.33.0.json").read_bytes()) < 200_000
    read_first = lines_of(lambda: Release("0.33.0", "0.33.0").options["seed"])
    assert read_first < 200


def lines_of(work: Callable[[], object]) -> int:
    """How many lines of the reader a piece of work runs."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        ours = frame.f_code.co_filename == releases.__file__
        count += event == "line" and ours
        return trace if ours else None

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


def test_spans_are_in_order() -> None:
    table = read("history")
    newest = len(table["releases"]) - 1
    for section, rows in table.items():
        for name, spans in rows.items() if section != "releases" else ():
            ends = [(first, newest if last is None else last) for first, last in spans]
            assert all(first <= last for first, last in ends), name
            assert all(one[1] + 1 < other[0] for one, other in pairwise(ends)), name
