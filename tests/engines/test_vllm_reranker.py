"""A generative checkpoint that was trained to rerank is started as what it scores as; others are converted, or are scorers already."""

from __future__ import annotations

from pathlib import Path
from typing import Any  # values of flags

import pytest

from tests.engines.build import built

SCORES_AS = {
    "architectures": ["Qwen3ForSequenceClassification"],
    "classifier_from_token": ["no", "yes"],
    "is_original_qwen3_reranker": True,
}


@pytest.mark.parametrize(
    ("model", "flags"),
    [
        ("Qwen/Qwen3-Reranker-0.6B", {"hf_overrides": SCORES_AS, "runner": "pooling"}),
        ("Qwen/Qwen3-Reranker-8B", {"hf_overrides": SCORES_AS, "runner": "pooling"}),
        ("tomaarsen/Qwen3-Reranker-0.6B-seq-cls", {"runner": "pooling"}),
        ("BAAI/bge-reranker-v2-m3", {"runner": "pooling"}),
        ("Qwen/Qwen3-0.6B", {"runner": "pooling", "convert": "classify"}),
    ],
)
def test_how_it_is_made_to_rank(model: str, flags: dict[str, Any], tmp_path: Path) -> None:
    launch = built(tmp_path, {"model": model, "task": "rerank", "context_length": 512}).launch
    found = {flag.name: flag.value for flag in launch.flags if flag.name in ("convert", "hf_overrides", "runner")}
    assert found == flags
