"""vLLM's own parser reads what we emit: words and configuration file agree, and every value survives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.release import release
from stackspec.ir.record import replace
from stackspec.ir.stack import Flag, Json, Launch, ProjectFile
from tests.engines.build import built, spelled
from tests.engines.test_vllm import CASES, QWEN, templates
from tests.tools.vllm_parser import VllmParser

__all__ = ["templates"]  # a fixture that this module uses too

Namespace = dict[str, Any]  # Any: whatever the options of vLLM hold
Judge = Callable[[Launch, Path], tuple[Namespace, Namespace]]


@pytest.fixture
def judge(vllm_parser: VllmParser) -> Judge:
    """Return a function: launch → what vLLM understands of its words, and of its configuration file with the words beside it."""

    def ask(words: list[str], config: Path | None = None) -> Namespace:
        verdict = vllm_parser(words, config=config)
        errors = [error for error in verdict.errors if not error.startswith("kv-transfer-config: ")]  # has an id drawn anew
        assert errors == [], (words, config and config.read_text(encoding="utf-8"))
        return verdict.namespace

    def both(launch: Launch, folder: Path) -> tuple[Namespace, Namespace]:
        def found(template: ProjectFile) -> str:
            return str(folder / template.source)  # vLLM looks whether it is there

        file = folder / "config.yaml"
        file.write_text(ENGINE.config_file(launch, found) or "", encoding="utf-8")
        beside = spelled(ENGINE.beside(launch, str(file), found))
        assert beside[:4] == ["vllm", "serve", "--config", str(file)]
        return ask(spelled(ENGINE.argv(launch, found))[2:]), ask(beside[4:], file)

    return both


def served(namespace: Namespace) -> Namespace:
    """Return what the engine starts with: the positional name, where there is one, is the model."""
    rest = {name: value for name, value in namespace.items() if name not in ("config", "model_tag", "subparser")}
    transfer = rest.get("kv_transfer_config")
    if isinstance(transfer, dict):
        rest["kv_transfer_config"] = {**transfer, "engine_id": None}  # drawn anew at each start
    return {**rest, "model": namespace["model_tag"] or namespace["model"]}


def holds(got: Any, flag: Flag) -> bool:
    """Tell whether a namespace's value says what a flag says."""
    kind = release("0.33.0").kind(flag.name)
    wanted: Any = flag.value
    if kind == "json":
        wanted = json.loads(wanted) if isinstance(wanted, str) else wanted
        return includes(got, wanted)
    if kind in ("list", "append"):
        items = wanted if isinstance(wanted, list) else [wanted]
        return len(got) == len(items) and all(includes(a, b) for a, b in zip(got, items, strict=True))
    return bool(got == wanted or str(got) == str(wanted))


def includes(got: Any, wanted: Any) -> bool:
    """Tell whether a value has at least what is wanted: settings objects add their defaults, numbers may come as text."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(includes(got.get(key), value) for key, value in wanted.items())
    return bool(got == wanted or str(got) == str(wanted))


def check(launch: Launch, judge: Judge, folder: Path) -> None:
    """Both forms give the same namespace, which has the model and every constant value."""
    words, file = judge(launch, folder)
    assert file["model_tag"] is None
    assert served(words) == served(file)
    assert served(words)["model"] == launch.positional[0]
    constant = [flag for flag in launch.flags if not hasattr(flag.value, "which") and not hasattr(flag.value, "source")]
    assert [(flag.name, served(file)[flag.name]) for flag in constant if not holds(served(file)[flag.name], flag)] == []


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str, judge: Judge, tmp_path: Path) -> None:
    check(built(tmp_path, CASES[name][0]).launch, judge, tmp_path)


@pytest.mark.parametrize("split", [{"tensor": 8, "pipeline": 2}, {"tensor": 2, "data": 16}, {"tensor": 16, "data": 2}])
def test_leader_and_follower(split: dict[str, Json], judge: Judge, tmp_path: Path) -> None:
    group = built(tmp_path, {"model": "deepseek-ai/DeepSeek-V3", "parallelism": split}).model.groups[0]
    assert group.worker is not None
    check(group.launch, judge, tmp_path)
    check(group.worker, judge, tmp_path)


@pytest.mark.parametrize("role", [0, 1])
def test_roles(role: int, judge: Judge, tmp_path: Path) -> None:
    spec = {
        "model": QWEN,
        "disaggregation": {"transfer": {"kind": "nixl"}, "prefill": {"replicas": 1}, "decode": {"replicas": 1}},
    }
    check(built(tmp_path, spec).model.groups[role].launch, judge, tmp_path)


def test_every_boolean_is_off_when_it_is_off(judge: Judge, tmp_path: Path) -> None:
    known = release("0.33.0").options
    for value in (True, False):
        flags = tuple(Flag(name, value, ()) for name in sorted(known) if known[name].kind in ("flag", "switch"))
        needed = (Flag("tool_call_parser", "hermes", ()), Flag("api_server_count", 1, ()))
        rest = tuple(flag for flag in flags if not (value and flag.name in APART))
        check(replace(built(tmp_path, {"model": QWEN}).launch, flags=(*needed, *rest)), judge, tmp_path)


APART = ("data_parallel_multi_port_external_lb", "disable_log_stats", "grpc")
"""Switches that vLLM refuses beside others of the release."""

TOGETHER = ("enable_auto_tool_choice", "enable_log_outputs", "enable_per_request_metrics")
"""Booleans that vLLM accepts only beside another, or only without it."""

# vLLM reads nothing, and the word None, as no value at all.
WORDS: st.SearchStrategy[str] = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12).filter(
    lambda text: text != "None"
)
NAMES = (
    "quantization",
    "tokenizer",
    "revision",
    "load_format",
    "otlp_traces_endpoint",
    "reasoning_parser_plugin",
    "response_role",
)
LISTS = ("served_model_name", "api_key", "ignore_patterns")
TREES: st.SearchStrategy[Json] = st.recursive(
    st.booleans() | st.integers(-(10**9), 10**9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def flags(draw: st.DrawFn) -> tuple[Flag, ...]:
    """Draw flags of all kinds with values that people would not choose."""
    found: list[Flag] = [
        *(Flag(name, draw(WORDS), ()) for name in draw(st.sets(st.sampled_from(NAMES)))),
        *(Flag("middleware", [*draw(st.lists(WORDS, min_size=1, max_size=3))], ()) for _ in range(draw(st.integers(0, 1)))),
        *(Flag("seed", draw(st.integers(-5, 2**40)), ()) for _ in range(draw(st.integers(0, 1)))),
        *(Flag("gpu_memory_utilization", draw(st.floats(-1, 1)), ()) for _ in range(draw(st.integers(0, 1)))),
        *(Flag("max_model_len", draw(st.sampled_from([-1, 1, 131072])), ()) for _ in range(draw(st.integers(0, 1)))),
        *(
            Flag(name, draw(st.dictionaries(WORDS, TREES, max_size=3)), ())
            for name in ("override_generation_config", "hf_overrides")
        ),
    ]
    for name in draw(st.sets(st.sampled_from(LISTS))):
        safe = WORDS.filter(lambda text: not text.startswith("-"))
        items: list[Json] = [*draw(st.lists(safe, min_size=1, max_size=3) | st.tuples(WORDS))]
        found.append(Flag(name, items, ()))
    known = release("0.33.0").options
    switches = [name for name in sorted(known) if known[name].kind == "flag" and name not in TOGETHER]
    found += [Flag(name, draw(st.booleans()), ()) for name in draw(st.sets(st.sampled_from(switches), max_size=4))]
    return tuple(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(drawn=flags())
def test_random_launches(drawn: tuple[Flag, ...], judge: Judge, tmp_path: Path) -> None:
    launch = replace(built(tmp_path, {"model": QWEN}).launch, flags=drawn)
    check(launch, judge, tmp_path)
