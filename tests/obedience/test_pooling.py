"""Models that do not generate: an embedder started as its container starts it, and a reranker started by its script."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import pytest

from tests.obedience.launching import compiled, container, local, script
from tests.tools.vllm_engine import Engine, free_port, models, serving

pytestmark = [pytest.mark.tool, pytest.mark.xdist_group("vllm-serve")]

TEXTS = ["hello", "weather in Paris", "count one two three"]


@pytest.fixture(scope="class")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that embeds."""
    port = free_port()
    model = {"model": local("embedder"), "port": port, "task": "embed", "context_length": 128, "served_names": ["vectors"]}
    command, folder = container(compiled(tmp_path_factory.mktemp("embed"), "compose", ["compose"], model))
    with serving(command, folder, port, {}) as engine:
        yield engine


@pytest.fixture(scope="class")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that scores pairs of texts."""
    port = free_port()
    model = {"model": local("reranker"), "port": port, "task": "rerank", "context_length": 128}
    command, folder = script(compiled(tmp_path_factory.mktemp("rerank"), "process", ["launch"], model))
    with serving(command, folder, port, {}) as engine:
        yield engine


class TestEmbedder:
    """`task: embed`."""

    def test_names(self, embedder: Engine) -> None:
        found = embedder.get("/v1/models").json["data"]
        assert [(item["id"], item["max_model_len"]) for item in found] == [("vectors", 128)]

    def test_vectors_have_the_width_of_the_model(self, embedder: Engine) -> None:
        config = json.loads((models() / "embedder" / "config.json").read_text(encoding="utf-8"))
        found = embedder.post("/v1/embeddings", {"model": "vectors", "input": TEXTS}).json["data"]
        vectors: list[list[float]] = [item["embedding"] for item in found]
        assert [len(vector) for vector in vectors] == [config["hidden_size"]] * 3
        assert [math.hypot(*vector) for vector in vectors] == pytest.approx([1.0] * 3, abs=0.01)
        assert len({tuple(vector) for vector in vectors}) == 3

    def test_it_does_not_generate(self, embedder: Engine) -> None:
        body = {"model": "vectors", "messages": [{"role": "user", "content": "hello"}]}
        assert embedder.post("/v1/chat/completions", body).status == 404

    def test_context_length_is_obeyed(self, embedder: Engine) -> None:
        assert embedder.post("/v1/embeddings", {"model": "vectors", "input": "hello " * 200}).status == 400


class TestReranker:
    """`task: rerank`."""

    def test_names(self, reranker: Engine) -> None:
        assert [item["id"] for item in reranker.get("/v1/models").json["data"]] == ["m"]

    def test_documents_come_best_first(self, reranker: Engine) -> None:
        found = reranker.post("/rerank", {"model": "m", "query": "hello", "documents": TEXTS}).json["results"]
        scores = [item["relevance_score"] for item in found]
        assert sorted(item["index"] for item in found) == [0, 1, 2]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == 3

    def test_scores_are_those_of_the_ranking(self, reranker: Engine) -> None:
        ranked = reranker.post("/rerank", {"model": "m", "query": "hello", "documents": TEXTS}).json["results"]
        scored = reranker.post("/score", {"model": "m", "queries": "hello", "documents": TEXTS}).json["data"]
        wanted = {item["index"]: item["relevance_score"] for item in ranked}
        assert {item["index"]: item["score"] for item in scored} == pytest.approx(wanted, abs=0.01)
