"""What one release of vLLM makes of `args` and `env`: which faults, where, with which advice and which change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Delete, Finding, Fix, Rename, Set
from stackspec.engines import Written
from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.release import read, release, versions
from stackspec.ir.path import Path

AT: Path = ("models", "chat")
ARGS: Path = (*AT, "args")
OLD, NEW = "0.10.2", "0.33.0"
CACHE = "disable_mm_preprocessor_cache"
Args = Mapping[str, Any]  # Any: JSON


def faults(args: Args, *, version: str = NEW, env: Args | None = None, at: Path = AT, **rest: Any) -> list[Finding]:
    """Return the faults of one entry; `rest` may say what lies beneath and whether the image is one's own."""
    return list(ENGINE.faults(Written(version, at, args, env or {}, rest.get("beneath", {}), rest.get("image", False))))


def codes(args: Args, **rest: Any) -> list[tuple[str | None, str, Path]]:
    """Return severity, code and place below the entry of each fault."""
    return [(one.severity, one.code, one.at[2:]) for one in faults(args, **rest)]


def only(args: Args, **rest: Any) -> Finding:
    """Return the one fault that there is."""
    (found,) = faults(args, **rest)
    return found


GOOD: list[Args] = [
    {"max_num_seqs": 64, "max-num-batched-tokens": "8k", "kv_cache_memory_bytes": "2G", "seed": 0},
    {"compilation_config": {"mode": 3, "cudagraph_mode": "PIECEWISE", "pass_config": {"fuse_norm_quant": True}}},
    {"compilation_config.cudagraph_mode": "full_decode_only", "attention_config.backend": "flashinfer"},
    {"speculative_config": '{"method": "ngram", "num_speculative_tokens": 3}', "attention_backend": "auto"},
    {"kv_transfer_config": '{"kv_connector": "NixlConnector", "kv_role": "kv_both", "kv_port": 14k}'},
    {"hf_overrides": {"whatever": {"x": [1]}}, "additional_config": {"a": {"b": 1}}, "mm_processor_kwargs": {"max_pixels": 1}},
    {"kv_transfer_config": {"kv_connector": "X", "kv_connector_module_path": "my.module", "kv_role": "kv_both"}},
    {"kv_transfer_config.kv_connector_extra_config": {"anything": {"goes": 1}}, "no-enable-log-requests": True},
    {"moe_backend": "Flashinfer-Cutlass", "load_format": "SafeTensors", "allowed_origins": ["*"], "middleware": ["a.b", "c.d"]},
    {"structured_outputs_config": {"backend": "xgrammar"}, "default_chat_template_kwargs": {"enable_thinking": False}},
    {"max_num_seqs": None, "no_such_thing": None, "enforce_eager": None},
    {"disable_log_requests": True, "device-ids": "0,1", "enable_eplb": True, "eplb_config": {"step_interval": 300}},
    {"omni": True, "cache_backend": "tea_cache"},
]  # fmt: skip


@pytest.mark.parametrize("args", GOOD)
def test_what_the_newest_release_takes(args: Args) -> None:
    assert faults(args) == []


def test_nothing_is_imported_without_words_for_the_engine() -> None:
    assert ENGINE.faults(Written(NEW, AT, {}, {"HF_HOME": "/x", "NCCL_DEBUG": "INFO"}, {})) == ()


def test_a_name_that_no_release_has() -> None:
    found = only({"max-num-sequences": 3})
    assert (found.message, found.hint) == ("vLLM 0.33.0 has no option `max_num_sequences`", "did you mean `max_num_seqs`?")
    assert (found.code, found.severity, found.at, found.on) == ("unknown-arg", "error", (*ARGS, "max-num-sequences"), "key")
    assert codes({"no_such_thing": False}) == [("error", "unknown-arg", ("args", "no_such_thing"))]


def test_an_abbreviation_is_written_out() -> None:
    found = only({"max-num-b": 3})
    assert (found.severity, found.code) == ("warning", "unknown-arg")
    assert found.fix == Fix((Rename((*ARGS, "max-num-b"), "max-num-batched-tokens"),), safe=True)
    assert codes({"max_num": 3}) == [("error", "unknown-arg", ("args", "max_num"))]  # more than one option begins so


def test_not_yet() -> None:
    found = only({"cudagraph_capture_sizes": [1]}, version=OLD)
    assert found.message == "`cudagraph_capture_sizes` comes with vLLM 0.11, and this is 0.10.2"
    assert found.hint == "pin vLLM 0.11.2 or newer, or write `cuda_graph_sizes`"
    assert found.fix == Fix((Rename((*ARGS, "cudagraph_capture_sizes"), "cuda_graph_sizes"),), safe=True)
    assert only({"attention_backend": "FLASH_ATTN"}, version=OLD).hint == (
        "pin vLLM 0.13.0 or newer, or set the variable `VLLM_ATTENTION_BACKEND`"
    )


REPLACED: list[tuple[str, str, Any, Fix | None]] = [
    ("swap_space", "0.18", 4, Fix((Delete((*ARGS, "swap_space")),), safe=True)),
    ("cuda-graph-sizes", "0.13", [1], Fix((Rename((*ARGS, "cuda-graph-sizes"), "cudagraph-capture-sizes"),), safe=True)),
    ("eplb_step_interval", "0.12", 9, Fix((Rename((*ARGS, "eplb_step_interval"), "eplb_config.step_interval"),), safe=True)),
    ("rope_theta", "0.11", 1e6, Fix((Rename((*ARGS, "rope_theta"), "hf_overrides.rope_parameters.rope_theta"),))),
    (
        "guided_decoding_backend", "0.12", "guidance",
        Fix((Set((*AT, "features", "structured_output", "backend"), '"guidance"'), Delete((*ARGS, "guided_decoding_backend"))), safe=True),
    ),
    ("task", "0.13", "score", Fix((Set((*AT, "task"), '"rerank"'), Delete((*ARGS, "task"))), safe=True)),
    ("task", "0.13", "auto", Fix((Delete((*ARGS, "task")),), safe=True)),
    ("task", "0.13", "reward", None),
    (
        CACHE, "0.13", True,
        Fix((Set((*ARGS, CACHE), "0"), Rename((*ARGS, CACHE), "mm_processor_cache_gb")), safe=True),
    ),
    ("logits_processor_pattern", "0.17", ".*", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "gone", "value", "fix"), REPLACED)
def test_no_longer(name: str, gone: str, value: Any, fix: Fix | None) -> None:
    found = only({name: value})
    assert found.message == f"`{name.replace('-', '_')}` is gone since vLLM {gone}, and this is 0.33.0"
    assert (found.code, found.severity, found.on, found.fix) == ("arg-not-in-release", "error", "key", fix)
    row = read("replaced")["options"][name.replace("-", "_")]
    assert found.hint == (f"instead: {row['instead']}" if row["instead"] else "remove it: nothing takes its place")


def test_a_replacement_goes_into_what_is_written_already() -> None:
    found = only({"num_redundant_experts": 2, "eplb_config": {"step_interval": 9}})
    assert found.fix == Fix(
        (Set((*ARGS, "eplb_config", "num_redundant_experts"), "2"), Delete((*ARGS, "num_redundant_experts"))), safe=True
    )
    assert only({"cuda_graph_sizes": [1], "cudagraph_capture_sizes": [2]}).fix is None
    on_engine = only({"guided_decoding_backend": "guidance"}, at=("engines", "vllm"))
    place: Path = ("engines", "vllm", "args", "guided_decoding_backend")
    assert on_engine.fix == Fix((Rename(place, "structured_outputs_config.backend"),), safe=True)


WRONG: list[tuple[Args, str, Path, str]] = [
    ({"max_num_seqs": "x"}, "arg-wrong-type", ("max_num_seqs",), '`max_num_seqs` takes a whole number, not `"x"`'),
    ({"max_num_seqs": 1.5}, "arg-wrong-type", ("max_num_seqs",), "`max_num_seqs` takes a whole number, not `1.5`"),
    ({"max_num_seqs": [1]}, "arg-wrong-type", ("max_num_seqs",), "`max_num_seqs` takes a whole number, not a list"),
    ({"max_num_seqs": "64k"}, "arg-wrong-type", ("max_num_seqs",), '`max_num_seqs` takes a whole number, not `"64k"`'),
    (
        {"max_num_batched_tokens": "1.5K"}, "arg-wrong-type", ("max_num_batched_tokens",),
        '`max_num_batched_tokens` takes a whole number, such as 8192, 8k (8000) or 8K (8192), not `"1.5K"`',
    ),
    ({"allowed_origins": "*"}, "arg-wrong-type", ("allowed_origins",), "`allowed_origins` takes a list, not `*`"),
    ({"hf_overrides": "{x}"}, "arg-wrong-type", ("hf_overrides",), "`hf_overrides` takes a mapping, not `{x}`"),
    ({"compilation_config": 3}, "arg-wrong-type", ("compilation_config",), "`compilation_config` takes a mapping, not `3`"),
    (
        {"kv_transfer_config": {"kv_port": None}}, "arg-wrong-type", ("kv_transfer_config", "kv_port"),
        "`kv_transfer_config.kv_port` takes a whole number, not `null`",
    ),
    (
        {"kv_transfer_config.kv_port": "x"}, "arg-wrong-type", ("kv_transfer_config.kv_port",),
        '`kv_transfer_config.kv_port` takes a whole number, not `"x"`',
    ),
    (
        {"compilation_config": {"cudagraph_capture_sizes": [1, "x"]}}, "arg-wrong-type",
        ("compilation_config", "cudagraph_capture_sizes", 1),
        '`compilation_config.cudagraph_capture_sizes.1` takes a whole number, not `"x"`',
    ),
    (
        {"scheduling_policy": "lifo"}, "arg-not-a-choice", ("scheduling_policy",),
        "`lifo` is none of the 2 words that `scheduling_policy` takes in vLLM 0.33.0",
    ),
    (
        {"kv_transfer_config": {"kv_role": "kv_bth"}}, "arg-not-a-choice", ("kv_transfer_config", "kv_role"),
        "`kv_bth` is none of the 3 words that `kv_role` takes in vLLM 0.33.0",
    ),
    ({"gpu_memory_utilization": 1.5}, "arg-out-of-range", ("gpu_memory_utilization",), "`gpu_memory_utilization` is at most 1, not 1.5"),
    ({"watermark": 1}, "arg-out-of-range", ("watermark",), "`watermark` is less than 1, not 1"),
    (
        {"speculative_config": {"num_speculative_tokens": 0}}, "arg-out-of-range", ("speculative_config", "num_speculative_tokens"),
        "`speculative_config.num_speculative_tokens` is more than 0, not 0",
    ),
    (
        {"compilation_config": '{"mod": 1}'}, "unknown-arg-field", ("compilation_config",),
        "`compilation_config` of vLLM 0.33.0 has no field `mod`",
    ),
    (
        {"attention_config.flash_version": 3}, "unknown-arg-field", ("attention_config.flash_version",),
        "`attention_config` of vLLM 0.33.0 has no field `flash_version`",
    ),
    (
        {"tool_call_parser": "herms"}, "unknown-engine-name", ("tool_call_parser",),
        "`herms` is none of the 58 words that `tool_call_parser` takes in vLLM 0.33.0",
    ),
    (
        {"kv_transfer_config": {"kv_connector": "P2pNcclConnector"}}, "unknown-engine-name", ("kv_transfer_config", "kv_connector"),
        "`P2pNcclConnector` is gone since vLLM 0.24 as `kv_connector`, and this is 0.33.0",
    ),
    (
        {"speculative_config": {"method": "medusa"}}, "unknown-engine-name", ("speculative_config", "method"),
        "`medusa` is gone since vLLM 0.33 as `method`, and this is 0.33.0",
    ),
    ({"all2all_backend": "mori"}, "unknown-engine-name", ("all2all_backend",),
     "`mori` is gone since vLLM 0.23 as `all2all_backend`, and this is 0.33.0"),
    ({"no-enable-prefix-caching": "yes"}, "boolean-expected", ("no-enable-prefix-caching",),
     "`no-enable-prefix-caching` is on or off, not 'yes'"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "code", "at", "message"), WRONG)
def test_wrong_values(args: Args, code: str, at: Path, message: str) -> None:
    found = only(args)
    assert (found.severity, found.code, found.at, found.message) == ("error", code, (*ARGS, *at), message)


def test_text_that_is_no_text() -> None:
    found = only({"hf_token": ["x"]})
    assert (found.severity, found.code) == ("warning", "arg-wrong-type")
    assert found.message == "`hf_token` takes text, and vLLM reads the JSON of a list as its text"


def test_what_loads_more_names_silences() -> None:
    args = {"tool_call_parser": "mine"}
    assert faults({**args, "tool_parser_plugin": "/x/mine.py"}) == []
    assert faults(args, beneath={"tool-parser-plugin": "/x/mine.py"}) == []
    assert codes(args, image=True) == [("warning", "unknown-engine-name", ("args", "tool_call_parser"))]


def test_a_field_with_dashes_is_renamed() -> None:
    found = only({"kv_transfer_config": {"kv-role": "kv_both"}})
    assert found.fix == Fix((Rename((*ARGS, "kv_transfer_config", "kv-role"), "kv_role"),), safe=True)


def test_a_field_of_another_release() -> None:
    found = only({"compilation_config": {"level": 3}})
    assert (found.code, found.message) == (
        "arg-not-in-release", "`compilation_config.level` is gone since vLLM 0.18, and this is 0.33.0",
    )  # fmt: skip
    assert found.fix == Fix((Rename((*ARGS, "compilation_config", "level"), "mode"),), safe=True)
    assert only({"compilation_config.level": 3}).fix == Fix(
        (Rename((*ARGS, "compilation_config.level"), "compilation_config.mode"),), safe=True
    )
    assert only({"compilation_config": '{"level": 3}'}).fix is None  # the whole text is one value
    ignored = only({"compilation_config": {"no_such": 3}}, version=OLD)
    assert (ignored.severity, ignored.message) == (
        "warning", "`compilation_config` of vLLM 0.10.2 has no field `no_such`, and ignores it",
    )  # fmt: skip


def test_variables() -> None:
    env = {"VLLM_USE_V1": "1", "VLLM_LOGGING_LEVL": "x", "VLLM_ASCEND_ENABLE_X": "1", "LMCACHE_X": "1", "VLLM_PLUGINS": ""}
    found = faults({}, env=env)
    assert [(one.severity, one.code, one.at[2:], one.hint) for one in found] == [
        ("warning", "unknown-engine-variable", ("env", "VLLM_LOGGING_LEVL"), "did you mean `VLLM_LOGGING_LEVEL`?"),
        ("warning", "unknown-engine-variable", ("env", "VLLM_USE_V1"), "instead: the engine V1 is the only one"),
    ]
    assert [one.fix for one in found] == [None, Fix((Delete((*AT, "env", "VLLM_USE_V1")),), safe=True)]
    assert only({"fail_on_environ_validation": True}, env={"VLLM_NO": "1"}).severity == "error"
    assert only({}, env={"VLLM_NO": "1"}, beneath={"fail-on-environ-validation": True}).severity == "error"


def test_a_variable_becomes_an_option() -> None:
    found = only({}, env={"VLLM_ATTENTION_BACKEND": "FLASHINFER"})
    place: Path = (*AT, "env", "VLLM_ATTENTION_BACKEND")
    assert found.fix == Fix((Set((*ARGS, "attention_backend"), '"FLASHINFER"'), Delete(place)))


def test_an_unknown_release_is_judged_with_care() -> None:
    assert codes({"no_such_thing": 1}, version="0.99.0") == [("warning", "unknown-arg", ("args", "no_such_thing"))]


def test_replacements_agree_with_the_history() -> None:
    history, replaced = read("history"), read("replaced")
    releases: list[str] = history["releases"]
    wrong: list[tuple[str, str]] = []
    for section in ("options", "fields", "words", "environment"):
        for name, row in replaced[section].items():
            registry, _, word = name.partition("=")
            place, key = (registry, word) if registry in history and word else (section, name)
            ends = [last for _, last in history[place].get(key, []) if last is not None]
            around = [(releases[last], releases[last + 1]) for last in ends]
            if not any(numbers(before) < numbers(row["gone"]) <= numbers(after) for before, after in around):
                wrong.append((section, name))
            assert row["source"].startswith("https://") and row["retrieved"], name
    assert wrong == []


def test_every_option_that_vanished_has_advice() -> None:
    vanished = {name for name, spans in read("history")["options"].items() if any(last is not None for _, last in spans)}
    assert vanished == set(read("replaced")["options"])


def test_changes_of_the_table_are_possible() -> None:
    """What a replacement becomes exists in some release that lacks what is replaced."""
    missing = [
        name for name, row in read("replaced")["options"].items()
        if "to" in row.get("fix", {}) and not any(_has(version, row["fix"]["to"]) for version in versions() if not _has(version, name))
    ]  # fmt: skip
    assert missing == []


def _has(version: str, name: str) -> bool:
    head, _, field = name.partition(".")
    known = release(version)
    if head not in known.options or not field or known.options[head].config is None:
        return head in known.options
    return field in known.classes[str(known.options[head].config)]


def test_defaults_agree_with_the_releases() -> None:
    wrong: list[str] = []
    for key, row in read("defaults").items():
        known = [release(version) for version in versions()]
        before = [one for one in known if numbers(one.version) < numbers(row["since"]) and row["option"] in one.options]
        after = [one for one in known if numbers(one.version) >= numbers(row["since"])]
        if (
            before[-1].options[row["option"]].default != row["before"]
            or after[0].options[row["option"]].default != row["after"]
        ):
            wrong.append(key)
    assert wrong == []


def test_examples_and_every_release_stay_silent_about_common_arguments() -> None:
    common = {"max_num_seqs": 64, "enforce_eager": True, "max-num-batched-tokens": 8192, "seed": 1, "load_format": "auto"}
    assert {version: faults(common, version=version) for version in versions()} == {version: [] for version in versions()}
