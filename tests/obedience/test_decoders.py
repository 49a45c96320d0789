"""A generative checkpoint that embeds or ranks: the engine turns it into what `task` says."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.obedience.launching import argv, compiled, local
from tests.tools.vllm_engine import Engine, free_port, serving

pytestmark = [pytest.mark.tool, pytest.mark.long, pytest.mark.xdist_group("vllm-serve")]


@contextmanager
def converted(folder: Path, facts: str, task: str) -> Generator[Engine]:
    """Serve the generative model as if it were another of its architecture."""
    port = free_port()
    model = {"model": local("qwen3-tiny"), "facts": facts, "port": port, "task": task, "context_length": 256}
    command, where = argv(compiled(folder, "process", ["launch"], model))
    with serving(command, where, port, {}) as engine:
        yield engine


def test_embedder(tmp_path: Path) -> None:
    with converted(tmp_path, "Qwen/Qwen3-Embedding-0.6B", "embed") as engine:
        found = engine.post("/v1/embeddings", {"model": "m", "input": ["hello", "weather in Paris"]}).json["data"]
    assert [len(item["embedding"]) for item in found] == [128, 128]


def test_reranker(tmp_path: Path) -> None:
    with converted(tmp_path, "Qwen/Qwen3-Reranker-0.6B", "rerank") as engine:
        body = {"model": "m", "query": "hello", "documents": ["weather in Paris", "count one two three"]}
        found = engine.post("/rerank", body).json["results"]
    assert sorted(item["index"] for item in found) == [0, 1]
    assert len({item["relevance_score"] for item in found}) == 2


def test_classifier(tmp_path: Path) -> None:
    with converted(tmp_path, "Qwen/Qwen3-0.6B", "classify") as engine:
        found = engine.post("/classify", {"model": "m", "input": ["hello"]}).json["data"]
    assert [len(item["probs"]) for item in found] == [2]
