"""Rules about what fits in memory: which verdict says what, where, and what the hint offers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stackspec.report import Located
from tests.rules.running import MEMORY, shown
from tests.rules.specs import spec

LLAMA = "meta-llama/Llama-3.1-8B-Instruct"
TOKEN = "token: {secret: hub}"
HUB = "secrets: {hub: {kind: kubernetes, name: hub, key: token}}"


def _found(folder: Path, pool: str, model: str, more: str = "") -> list[Located]:
    text = spec(f"{{gpu: {pool}}}", f"{{chat: {model}}}", more=more)
    return [item for item in shown(folder, text) if item.code in MEMORY | {"fit-unknown"}]


@pytest.mark.parametrize(
    ("pool", "words", "expected"),
    [
        ("{accelerator: l4}", "context_length: 131072", ["kv-cache-does-not-fit"]),
        ("{accelerator: l4}", "context_length: 8192", []),
        ("{accelerator: l4}", "context_length: auto", []),
        ("{accelerator: l4, gpus_per_node: 4}", "context_length: 131072, parallelism: {tensor: 4}", []),
        ("{accelerator: t4}", "context_length: 1024, dtype: float16", ["weights-do-not-fit"]),
        ("{accelerator: h100-sxm-80gb}", "context_length: 131072", []),
        ("{accelerator: h100-sxm-80gb}", "context_length: 8192, gpu_memory_utilization: 0.2", ["weights-do-not-fit"]),
        ("{accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 7}}}", "slice: 1g.10gb", ["weights-do-not-fit"]),
        ("{accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {3g.40gb: 2}}}", "slice: 3g.40gb, context_length: 8192", []),
        ("{accelerator: h100-sxm-80gb, sharing: {kind: time_slicing, replicas: 8}}", "context_length: 8192", ["weights-do-not-fit"]),
        ("{cpu: 16}", "context_length: 8192", ["fit-unknown"]),
        ("{cpu: 16, memory: 16Gi}", "context_length: 8192", ["weights-do-not-fit"]),
        ("{cpu: 16, memory: 64Gi}", "context_length: 8192", []),
    ],
)  # fmt: skip
def test_verdicts(pool: str, words: str, expected: list[str], tmp_path: Path) -> None:
    found = _found(tmp_path, pool, f"{{model: {LLAMA}, {TOKEN}, {words}}}", HUB)
    assert [item.code for item in found] == expected


def test_the_arithmetic_is_shown_and_a_shorter_context_is_the_fix(tmp_path: Path) -> None:
    (found,) = _found(tmp_path, "{accelerator: l4}", f"{{model: {LLAMA}, {TOKEN}, context_length: 131072}}", HUB)
    assert "131,072 tokens needs 16.00 GiB of cache" in found.message
    assert re.search(r"22\.03 GiB × 0\.92 = 20\.27 GiB, less 1[45]\.\d\d GiB weights", found.related[0].message)
    assert found.hint is not None and found.hint.startswith("fits: `context_length: ")
    assert found.fix is not None and not found.fix.safe


def test_what_the_hint_offers_fits(tmp_path: Path) -> None:
    (found,) = _found(tmp_path, "{accelerator: l4}", f"{{model: {LLAMA}, {TOKEN}, context_length: 131072}}", HUB)
    hint = found.hint or ""
    length = hint.split("`context_length: ")[1].split("`")[0]
    assert not _found(tmp_path, "{accelerator: l4}", f"{{model: {LLAMA}, {TOKEN}, context_length: {length}}}", HUB)
    gpu = hint.split("`accelerator: ")[1].split("`")[0]
    assert not _found(tmp_path, f"{{accelerator: {gpu}}}", f"{{model: {LLAMA}, {TOKEN}, context_length: 131072}}", HUB)


def test_an_unknown_model_is_not_judged_twice(tmp_path: Path) -> None:
    assert _found(tmp_path, "{accelerator: l4}", "{model: org/nobody-knows-it, context_length: 8192}") == []


def test_roles_that_are_alike_share_one_finding(tmp_path: Path) -> None:
    roles = "disaggregation: {transfer: {kind: nixl}, prefill: {replicas: 1}, decode: {replicas: 1}}"
    model = f"{{model: {LLAMA}, {TOKEN}, context_length: 131072, {roles}}}"
    found = _found(tmp_path, "{accelerator: l4, gpus_per_node: 2}", model, HUB)
    assert [item.code for item in found] == ["kv-cache-does-not-fit"]


@pytest.mark.parametrize(
    ("cache", "models", "expected"),
    [
        ("{kind: pvc, size: 20Gi}", "{a: {model: Qwen/Qwen3-8B, context_length: 4096}}", []),
        ("{kind: pvc, size: 10Gi}", "{a: {model: Qwen/Qwen3-8B, context_length: 4096}}", ["model-cache-too-small"]),
        ("{kind: pvc}", "{a: {model: Qwen/Qwen3-8B, context_length: 4096}}", []),
        ("{kind: node, path: /models}", "{a: {model: Qwen/Qwen3-8B, context_length: 4096}}", []),
        (
            "{kind: pvc, size: 20Gi}",
            "{a: {model: Qwen/Qwen3-8B, context_length: 4096}, b: {model: Qwen/Qwen3-8B, context_length: 2048}}",
            [],  # one checkpoint
        ),
        (
            "{kind: pvc, size: 20Gi}",
            "{a: {model: Qwen/Qwen3-8B, context_length: 4096}, b: {model: Qwen/Qwen3-4B, context_length: 2048}}",
            ["model-cache-too-small"],
        ),
        ("{kind: pvc, size: 1Gi}", "{a: {model: org/nobody-knows-it, context_length: 4096}}", []),
    ],
)
def test_volumes(cache: str, models: str, expected: list[str], tmp_path: Path) -> None:
    pools = "{gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}"
    text = spec(pools, models).replace(f"pools: {pools}", f"pools: {pools}, model_cache: {cache}")
    assert "model_cache" in text
    assert [item.code for item in shown(tmp_path, text) if item.code == "model-cache-too-small"] == expected
