"""Pretended GPUs: vLLM judges a launch as it does on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines import hub
from tests.tools.vllm_parser import VllmParser

SMALL = ["--skip-tokenizer-init", "--max-model-len", "1024"]


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(hub.folder("Qwen/Qwen3-4B", tmp_path))


@pytest.mark.parametrize(("capability", "refused"), [(None, True), ((9, 0), False)])
def test_platform(vllm_parser: VllmParser, model: str, capability: tuple[int, int] | None, refused: bool) -> None:
    verdict = vllm_parser([model, *SMALL, "--enable-sleep-mode"], engine=True, capability=capability)
    assert ["Sleep mode is not supported on current platform" in error for error in verdict.errors] == [True] * refused


def test_forgets_the_capability_before(vllm_parser: VllmParser, model: str) -> None:
    words = [model, *SMALL, "--attention-backend", "FLASH_ATTN"]
    found = [vllm_parser(words, engine=True, capability=capability).errors for capability in ((9, 0), (7, 5), (9, 0))]
    assert [bool(errors) for errors in found] == [False, True, False]
    assert found[1][0].startswith("attention: ValueError: Selected backend AttentionBackendEnum.FLASH_ATTN is not valid")


def test_environment(vllm_parser: VllmParser, model: str) -> None:
    words = [model, "--skip-tokenizer-init", "--max-model-len", "100000"]
    found = [vllm_parser(words, engine=True, env=env).errors for env in ({}, {"VLLM_ALLOW_LONG_MAX_MODEL_LEN": "1"}, {})]
    assert [bool(errors) for errors in found] == [True, False, True]
