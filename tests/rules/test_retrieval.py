"""Rules about retrieval: each with neighbours that are healthy."""

from __future__ import annotations

import textwrap

import pytest

from tests.rules.conftest import Codes

HEAD = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
targets: {compose: {}}
models:
  bge: {model: BAAI/bge-m3, task: embed}
  short: {model: Qwen/Qwen3-Embedding-0.6B, task: embed}
  own: {model: acme/embedder, task: embed}
  said: {model: acme/embedder, task: embed, embedding: {dimensions: 512}}
  bought:
    endpoint: {kind: openai, url: "https://embed.example.com/v1", model: text-embed-3}
    task: embed
    embedding: {dimensions: 3072, min_dimensions: 256}
  rerank: {model: BAAI/bge-reranker-v2-m3, task: rerank}
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
"""


def spec(corpus: str) -> str:
    return HEAD + textwrap.indent(textwrap.dedent(corpus), "    ")


SILENT = [
    "embed: {model: bge}",
    "embed: {model: bge, dimensions: 1024}",
    "embed: {model: short, dimensions: 1024}",
    "embed: {model: short, dimensions: 32}",
    "embed: {model: own, dimensions: 77}",  # nobody knows
    "embed: {model: said, dimensions: 512}",
    "embed: {model: bought, dimensions: 256}",
    "embed: {model: bge}\nsearch: {top_k: 8}\nrerank: {model: rerank, top_k: 8}",
    "embed: {model: bge}\nrerank: {model: rerank, top_k: 10}",
    "embed: {model: bge}\ncorpus: {chunk_tokens: 8192, chunk_overlap: 8191}",
    "embed: {model: bge}\ncorpus: {chunk_overlap: 100}",
    "embed: {model: own}\ncorpus: {chunk_tokens: 100000}",
    "search: {mode: keyword, sparse: bm25}",
]


@pytest.mark.parametrize("corpus", SILENT)
def test_silent(codes: Codes, corpus: str) -> None:
    assert codes(spec(corpus)) == []


REPORTED = [
    ("embed: {model: bge, dimensions: 2048}", ["embedding-dimensions-mismatch"]),
    ("embed: {model: bge, dimensions: 512}", ["embedding-dimensions-mismatch"]),
    ("embed: {model: short, dimensions: 16}", ["embedding-dimensions-mismatch"]),
    ("embed: {model: said, dimensions: 256}", ["embedding-dimensions-mismatch"]),
    ("embed: {model: bought, dimensions: 4096}", ["embedding-dimensions-mismatch"]),
    ("embed: {model: bge}\nrerank: {model: rerank, top_k: 11}", ["rerank-exceeds-search"]),
    ("embed: {model: bge}\ncorpus: {chunk_tokens: 100, chunk_overlap: 101}", ["chunk-overlap-too-large"]),
    ("embed: {model: bge}\ncorpus: {chunk_tokens: 9000}", ["chunk-exceeds-context"]),
    ("search: {mode: vector}", ["retrieval-without-embedding"]),
    ("corpus: {documents: 10}", ["retrieval-without-embedding"]),
]


@pytest.mark.parametrize(("corpus", "expected"), REPORTED)
def test_reported(codes: Codes, corpus: str, expected: list[str]) -> None:
    assert codes(spec(corpus)) == expected
