"""Drafting with a model's own layers, judged by vLLM: the models that have several are too new for older releases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engines import hub
from tests.tools.vllm_parser import VllmParser


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A model that drafts with three layers of its own."""
    place = hub.folder("deepseek-ai/DeepSeek-V3", tmp_path)
    config = json.loads((place / "config.json").read_bytes())
    config["num_nextn_predict_layers"] = 3
    (place / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return str(place)


@pytest.mark.parametrize("release", ["0.16.0", "0.24.0", "0.33.0"])
def test_tokens_above_the_layers_are_a_multiple(release: str, model: str, vllm_parsers: Callable[[str], VllmParser]) -> None:
    refused = {}
    for tokens in (2, 3, 4, 6):
        config = json.dumps({"method": "mtp", "num_speculative_tokens": tokens})
        words = [model, "--speculative-config", config, "--skip-tokenizer-init", "--max-model-len", "1024"]
        errors = vllm_parsers(release)(words, engine=True, capability=(9, 0)).errors
        refused[tokens] = [f"num_speculative_tokens:{tokens} must be divisible by n_predict=3" in error for error in errors]
    assert refused == {2: [], 3: [], 4: [True], 6: []}
