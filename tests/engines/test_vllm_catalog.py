"""What the catalog knows of vLLM: names of flags, families of models, keys and coverage."""

from __future__ import annotations

from typing import Any

import pytest

from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.families import best, family, named, wrong
from stackspec.engines.vllm.release import read, release


def test_canonical() -> None:
    args: dict[str, Any] = {
        "max-num-seqs": 8, "no-enable-prefix-caching": True, "device-memory-utilization": 0.5,
        "speculative_config.method": "ngram", "speculative-config": {"num_speculative_tokens": 3},
        "disable_expert_parallel": True, "unheard_of": 1,
    }  # fmt: skip
    assert ENGINE.canonical(args) == {
        "max_num_seqs": (("max-num-seqs",), 8),
        "enable_prefix_caching": (("no-enable-prefix-caching",), False),
        "gpu_memory_utilization": (("device-memory-utilization",), 0.5),
        "speculative_config": (("speculative_config.method",), {"method": "ngram", "num_speculative_tokens": 3}),
        "enable_expert_parallel": (("disable_expert_parallel",), False),
        "unheard_of": (("unheard_of",), 1),
    }


def test_keys_and_coverage_name_real_places() -> None:
    from stackspec.spec.bake import facts

    leaves: list[str] = facts()["places"]["leaves"]
    assert [place for place in ENGINE.coverage if place not in leaves and ".args.*.*" not in place] == []
    sections = {leaf[: at if at > 0 else None] for leaf in leaves for at in (leaf.find(".", len("models.*.")), -1)} | set(
        leaves
    )
    assert [key for key in ENGINE.keys.values() if f"models.*.{key}" not in sections and not _below(key, leaves)] == []
    options = read("history")["options"]  # some belong to older releases
    assert [name for name in ENGINE.keys if name.partition(".")[0] not in options] == []


def _below(key: str, leaves: list[str]) -> bool:
    """Tell whether a key is a section of a model, or an entry of one of its open mappings."""
    return f"models.*.{key.rpartition('.')[0]}.*" in leaves or any(leaf.startswith(f"models.*.{key}.") for leaf in leaves)


def test_families_name_parsers_of_the_newest_release() -> None:
    rows = read("families")
    known = release(ENGINE.releases()[-1])
    assert [row["name"] for row in rows if row.get("tool_parsers", ["hermes"])[0] not in known.registries["tool_parsers"]] == []
    assert [
        row["name"] for row in rows if row.get("reasoning_parsers", ["qwen3"])[0] not in known.registries["reasoning_parsers"]
    ] == []
    assert all(row["source"].startswith("https://") and row["retrieved"] for row in rows)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("meta-llama/Llama-3.3-70B-Instruct", "llama3"),
        ("RedHatAI/Meta-Llama-3.1-8B-FP8", "llama3"),
        ("Qwen/Qwen3-32B", "qwen3"),
        ("Qwen/Qwen3-4B-Instruct-2507", "qwen3-instruct"),
        ("Qwen/Qwen3-4B-Thinking-2507", "qwen3-thinking"),
        ("Qwen/Qwen3-Coder-30B-A3B-Instruct", "qwen3-coder"),
        ("Qwen/Qwen3.5-4B", "qwen3.5"),
        ("Qwen/Qwen3Guard-Gen-0.6B", "qwen3-guard"),
        ("openai/gpt-oss-20b", "gpt-oss"),
        ("zai-org/GLM-4.5-Air", "glm-4.5"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "deepseek-r1-distill"),
        ("deepseek-ai/DeepSeek-V3.2", "deepseek-v3.2"),
        ("moonshotai/Kimi-K2-Instruct", "kimi-k2"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistral"),
    ],
)
def test_family(name: str, expected: str) -> None:
    found = family((name,), None)
    assert found is not None
    assert found.name == expected


def test_family_by_architecture() -> None:
    found = family(("acme/support",), "Qwen3ForCausalLM")
    assert found is not None
    assert found.name == "qwen3"
    assert family(("acme/support",), "LlamaForCausalLM") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NousResearch/Hermes-3-Llama-3.1-8B", "hermes"),
        ("Salesforce/Llama-xLAM-2-8b-fc-r", "xlam"),
        ("Team-ACE/ToolACE-2-Llama-3.1-8B", "toolace"),
        ("Qwen/Qwen3-TTS-12Hz-0.6B-Base", "qwen3-speech"),
    ],
)
def test_a_model_made_from_another_is_of_its_own_family(name: str, expected: str) -> None:
    found = named((name,))
    assert found is not None
    assert found.name == expected


def test_the_best_parser_is_the_first_that_a_release_has() -> None:
    granite = family(("ibm-granite/granite-4.0-h-small",), None)
    assert granite is not None
    assert granite.tool_parsers == ("granite4", "hermes")
    assert [best(granite.tool_parsers, names) for names in ({"granite4", "hermes"}, {"granite", "hermes"}, {"granite"})] == [
        "granite4",
        "hermes",
        None,
    ]


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("ibm-granite/granite-4.0-h-small", "0.16.0", ("hermes", None)),
        ("ibm-granite/granite-4.0-h-small", "0.33.0", ("granite4", None)),
        ("Qwen/Qwen3-8B", "0.8.5", ("hermes", "deepseek_r1")),
        ("Qwen/Qwen3-8B", "0.33.0", ("hermes", "qwen3")),
        ("deepseek-ai/DeepSeek-V3.1", "0.10.2", ("deepseek_v31", None)),
        ("deepseek-ai/DeepSeek-V3.1", "0.33.0", ("deepseek_v31", "deepseek_v3")),
        ("meta-llama/Llama-4-Scout-17B-16E-Instruct", "0.8.5", ("pythonic", None)),
        ("zai-org/GLM-4.7", "0.13.0", (None, "glm45")),
        ("openai/gpt-oss-20b", "0.10.2", ("openai", "openai_gptoss")),
        ("XiaomiMiMo/MiMo-V2-Flash", "0.12.0", ("qwen3_xml", "qwen3")),
    ],
)
def test_parsers_of_a_release(name: str, version: str, expected: tuple[str | None, str | None]) -> None:
    found, known = named((name,)), release(version).registries
    assert found is not None
    parsers = best(found.tool_parsers, known["tool_parsers"]), best(found.reasoning_parsers, known["reasoning_parsers"])
    assert parsers == expected


def test_every_name_of_a_family_is_a_parser_of_some_release() -> None:
    registries = [release(version).registries for version in ENGINE.releases()]
    for kind in ("tool", "reasoning"):
        known = {name for registry in registries for name in registry[f"{kind}_parsers"]}
        named_there = {
            name for row in read("families") for key in ("parsers", "accepts") for name in row.get(f"{kind}_{key}", ())
        }
        assert named_there - known == set()


def test_a_parser_is_wrong_only_where_it_is_known_to_be() -> None:
    registered = {"hermes", "llama3_json", "hf"}
    asked = ("hermes", "llama3_json", "hf", "own_plugin")
    assert [name for name in asked if wrong(name, ("hermes",), (), registered)] == ["llama3_json"]
    assert [name for name in asked if wrong(name, ("hermes",), ("llama3_json",), registered)] == []
    assert [name for name in asked if wrong(name, (), (), registered)] == []
    assert named(("acme/support",)) is None
