"""vLLM itself judges what we say of single values: what we refuse it refuses, what it refuses of one value we refuse.

Each release is asked about values that its catalog makes plausible: right ones, other types, neighbours of its words, numbers at and
beyond its bounds, fields that no class has. What it accepts here and refuses later, or only beside another option, is listed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stackspec.engines import Written
from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.release import Field, Option, Release, canonical, release
from stackspec.engines.vllm.render import argv
from stackspec.ir.stack import Flag, Json, Launch
from tests.engines import hub
from tests.engines.build import spelled
from tests.tools.vllm_parser import RELEASES, VllmParser

LATER = {
    "load_format": "looked up when weights are loaded",
    "tokenizer_mode": "looked up when the tokenizer is made",
    "tool_call_parser": "looked up when the server starts",
    "reasoning_parser": "looked up when the server starts, in old releases",
    "max_loras": "read only beside enable_lora", "max_lora_cls_labels": "read only beside enable_lora",
    "max_cpu_loras": "read only beside enable_lora", "max_lora_rank": "read only beside enable_lora",
    "lora_extra_vocab_size": "read only beside enable_lora",
    "video_pruning_rate": "read only for multimodal models", "mm_encoder_attn_backend": "read only for multimodal models",
    "mm_encoder_fp8_scale_save_margin": "read only for multimodal models", "mm_processor_cache_gb": "read only for multimodal models",
    "mm_ipc_gpu_memory_gb": "read only for multimodal models",
    "mm_shm_cache_max_object_size_mb": "read only for multimodal models",
    "diffusion_config": "read only for diffusion models", "watermark_config": "read only where a watermark is asked for",
}  # fmt: skip
"""Options that we judge and the engine's configuration, made here of a small text model, does not."""
BESIDE = {
    "data_parallel_multi_port_external_lb": "needs data_parallel_size", "enable_auto_tool_choice": "needs tool_call_parser",
    "enable_log_outputs": "needs enable_log_requests", "grpc_port": "needs VLLM_USE_RUST_FRONTEND",
    "lora_modules": "has a key of its own: it is never judged as an argument",
    "chat_template": "looked for on the disk", "config": "a file", "api_key": "a secret",
    "sse_keep_alive_interval": "a bound that only the server's own code says",
    "reasoning_effort_map": "a shape that only the server's own code says",
    "mm_processor_device": "offered on machines that have such devices",
}  # fmt: skip
"""Options whose single value the parser refuses for another reason than the value, and those whose reason is in code alone."""
NONE_IS_A_CHOICE = "None"
"""Old parsers list the word None as a choice and then refuse it, having read it as nothing; nobody writes it."""
POOL: tuple[Json, ...] = (
    1, 0, -1, 7, 1.5, "x", "12", "", "1k", "2K", "1.5K", "2t", "auto", True, [1], ["a", "b"], {"a": 1}, '{"a": 1}', "[1]",
)  # fmt: skip
"""Values that suit some options and no others."""


@pytest.fixture(scope="module", params=RELEASES)
def parser(request: pytest.FixtureRequest, vllm_parsers: Callable[[str], VllmParser]) -> VllmParser:
    """The parser of one release; all tests of a release run after each other."""
    return vllm_parsers(request.param)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that has nothing but its configuration."""
    return hub.folder("Qwen/Qwen3-4B", tmp_path_factory.mktemp("hub"))


def words(known: Option | Field) -> list[Json]:
    """Return words that an option or field takes, and neighbours of them."""
    found: list[Json] = []
    for word in [*(known.choices or known.known)][:4]:
        found += [word, f"{word}x", word.lower(), word.upper(), word.replace("_", "-")] if isinstance(word, str) else [word]
    return found


def edges(known: Option | Field) -> list[Json]:
    """Return numbers at the bounds of an option or field, and beyond them."""
    limits = [limit for limit in (known.low, known.above, known.high, known.below) if limit is not None]
    return [int(number) if number == int(number) else number for limit in limits for number in (limit - 1, limit, limit + 1)]


def cases(known: Release) -> Iterator[dict[str, Json]]:
    """Yield arguments, each of one option with one value."""
    for name, option in known.options.items():
        if option.kind in ("flag", "switch"):
            yield {name: True}
            yield {name: False}
        elif name not in ("model", "config"):
            yield from ({name: value} for value in (*POOL, *words(option), *edges(option)))


def nested(known: Release) -> Iterator[dict[str, Json]]:
    """Yield arguments, each of one field of one class with one value."""
    for name, option in known.options.items():
        if option.config is not None and option.kind == "json" and name not in ("speculative_config", *LATER):
            yield {name: {"no_such_field": 1}}
            for key, field in known.classes[option.config].items():
                pool: list[Json] = [*POOL, *words(field), *edges(field), None, {}, "true", 2.0]
                for value in pool:
                    yield {name: {key: value}}


@functools.cache
def listed(make: Callable[[Release], Iterator[dict[str, Json]]], version: str) -> list[dict[str, Json]]:
    """Return all cases of a release, made once."""
    return list(make(release(version)))


def refused(args: dict[str, Json], version: str) -> list[str]:
    """Return what we refuse."""
    found = ENGINE.faults(Written(version, ("models", "chat"), args, {}, {}))
    return [f"{one.code}: {one.message}" for one in found if one.severity == "error"]


def line(args: dict[str, Json], version: str, model: Path) -> list[str]:
    """Return the words after `vllm serve` that we emit."""
    flags = tuple(Flag(name, value, ()) for name, value, _ in canonical(args, release(version)) if value is not None)
    launch = Launch("vllm", version, "", ("vllm", "serve"), (str(model),), flags, {}, 8000, None)
    return spelled(argv(launch, lambda file: file.source))[2:]


def judge(args: dict[str, Json], parser: VllmParser, model: Path) -> None:
    """Fail where vLLM and we are of two minds about a single value."""
    (name,) = args
    ours, said = refused(args, parser.release), line(args, parser.release, model)
    verdict = parser(said)
    if ours and verdict.ok and name not in LATER:
        verdict = parser(said, engine=True)
    if ours and name not in LATER:
        assert not verdict.ok, (args, ours)
    if not ours and not verdict.ok and name not in BESIDE:
        assert args[name] == "" or NONE_IS_A_CHOICE in verdict.errors[0], (args, verdict.errors)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_options(data: st.DataObject, parser: VllmParser, model: Path) -> None:
    judge(data.draw(st.sampled_from(listed(cases, parser.release))), parser, model)


ACROSS = frozenset(
    (
        "CompilationConfig.custom_ops", "EncoderCacheManagerConfig.manager_config", "ECTransferConfig.ec_connector",
        "EPLBConfig.communicator", "KernelConfig.linear_backend_per_quant", "KVTransferConfig.kv_connector",
        "PoolerConfig.logit_sigma", "StructuredOutputsConfig.disable_additional_properties",
        "StructuredOutputsConfig.disable_any_whitespace", "StructuredOutputsConfig.reasoning_parser", "AttentionConfig.backend",
    )
)  # fmt: skip
"""Fields of which the class refuses a value for what stands, or does not stand, beside it, or looks it up later."""


def judge_field(args: dict[str, Json], parser: VllmParser, model: Path) -> None:
    """Fail where a class and we are of two minds about one field."""
    ((name, fields),) = args.items()
    assert isinstance(fields, dict)
    ((key, _),) = fields.items()
    known = release(parser.release)
    cls = known.options[name].config
    verdict = parser(line(args, parser.release, model))
    ours = refused(args, parser.release)
    if ours and f"{cls}.{key}" not in ACROSS:
        assert not verdict.ok, (args, ours)
    if not ours and not verdict.ok and cls not in ("ProfilerConfig", "QuantizationConfigArgs"):
        assert f"{cls}.{key}" in ACROSS, (args, verdict.errors)


MUTATIONS = 100
"""Values that each class gets in each release, spread evenly over all that are made for it."""


def test_fields(parser: VllmParser, model: Path) -> None:
    for found in by_class(listed(nested, parser.release)).values():
        for args in spread(found):
            judge_field(args, parser, model)


def test_fields_of_speculation(parser: VllmParser, model: Path) -> None:
    """Its fields are read with the engine's configuration, and have rules among themselves: what we refuse it must refuse."""
    known = release(parser.release)
    plain: dict[str, Json] = {"method": "ngram", "num_speculative_tokens": 3, "prompt_lookup_max": 4}
    fields = known.classes["SpeculativeConfig"].items()
    tried: list[dict[str, Json]] = [
        {"speculative_config": {**plain, key: value}}
        for key, field in fields
        for value in (*POOL, *words(field), *edges(field))
    ]
    for args in spread(tried):
        ours = refused(args, parser.release)
        assert not ours or not parser(line(args, parser.release, model), engine=True).ok, (args, ours)


def by_class(cases_: list[dict[str, Json]]) -> dict[str, list[dict[str, Json]]]:
    """Return cases by the option that they are about."""
    found: dict[str, list[dict[str, Json]]] = {}
    for args in cases_:
        (name,) = args
        found.setdefault(name, []).append(args)
    return found


def spread(cases_: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Return so many cases at even distances, first and last among them."""
    step = max(1.0, (len(cases_) - 1) / (MUTATIONS - 1))
    return [cases_[round(index * step)] for index in range(min(MUTATIONS, len(cases_)))]


@pytest.mark.long
def test_every_option(parser: VllmParser, model: Path) -> None:
    for args in cases(release(parser.release)):
        judge(args, parser, model)


@pytest.mark.long
def test_every_field(parser: VllmParser, model: Path) -> None:
    for args in nested(release(parser.release)):
        judge_field(args, parser, model)


def test_reasons_are_about_options_that_exist() -> None:
    names: set[Any] = {name for version in RELEASES for name in release(version).options}
    assert sorted({*LATER, *BESIDE} - names) == []
