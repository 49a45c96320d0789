"""What the catalog knows of vLLM: names of flags, families of models, keys and coverage."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stackspec.engines import engine
from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.release import family, read, release


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
    flags = release("0.33.0").flags
    assert [name for name in ENGINE.keys if name.partition(".")[0] not in flags] == []


def _below(key: str, leaves: list[str]) -> bool:
    return any(leaf.startswith(f"models.*.{key}.") for leaf in leaves)


def test_families_name_parsers_of_the_newest_release() -> None:
    rows = read("families")
    known = release(ENGINE.releases()[-1])
    assert [row["name"] for row in rows if not known.tool_parsers >= {row.get("tool_parser", "hermes")}] == []
    assert [row["name"] for row in rows if not known.reasoning_parsers >= {row.get("reasoning_parser", "qwen3")}] == []
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


def test_a_release_is_small_enough_to_be_read_in_every_run() -> None:
    assert len(json.dumps(read("0.33.0"), separators=(",", ":"))) < 32 * 1024
    assert engine("vllm") is ENGINE
