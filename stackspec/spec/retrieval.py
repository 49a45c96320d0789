"""`retrieval`: corpora, vector stores, search and reranking."""

from __future__ import annotations

from typing import Literal

from stackspec.spec.base import Entry, Section
from stackspec.spec.types import (
    Amount,
    Bytes,
    Count,
    EmbedModelRef,
    Number,
    PoolRef,
    RerankModelRef,
    RetrievalFramework,
    SecretRef,
    StoreKind,
    Version,
)


class Store(Section):
    """The vector store."""

    kind: StoreKind
    """Which one: qdrant, pgvector, milvus."""
    version: Version | None = None
    """Its version; default: the catalog's."""
    pool: PoolRef | None = None
    """Pool that it runs on; default: any without accelerators."""
    replicas: Number = 1
    """Number of nodes of the store."""
    storage: Bytes | None = None
    """Disk of each."""
    url: str | None = None
    """A store that somebody else runs."""
    secret: SecretRef | None = None
    """Secret with its key or password."""


class Corpus(Section):
    """What is searched."""

    source: str | None = None
    """Where the documents are."""
    documents: Count | None = None
    """How many documents."""
    document_tokens: Count | None = None
    """Tokens of a typical document."""
    chunk_tokens: Count | None = None
    """Tokens of a chunk."""
    chunk_overlap: Amount | None = None
    """Tokens that neighbouring chunks share."""


class Embed(Section):
    """How chunks become vectors."""

    model: EmbedModelRef
    """Embedding model."""
    dimensions: Count | None = None
    """Length of a vector; default: the model's."""
    distance: Literal["cosine", "dot", "euclidean"] = "cosine"
    """How vectors are compared."""


class Search(Section):
    """How candidates are found."""

    mode: Literal["vector", "keyword", "hybrid"] = "vector"
    """By vector, by words, or both."""
    sparse: Literal["bm25", "splade"] | None = None
    """How words are weighed."""
    fusion: Literal["rrf", "weighted"] | None = None
    """How both lists become one."""
    top_k: Count = 10
    """Candidates that search returns."""


class Rerank(Section):
    """How candidates are put in order."""

    model: RerankModelRef
    """Reranking model."""
    top_k: Count
    """Candidates that are kept."""


class Retrieval(Entry):
    """One searchable corpus."""

    framework: RetrievalFramework | None = None
    """What runs the pipeline: haystack, langgraph."""
    store: Store
    """The vector store."""
    corpus: Corpus | None = None
    """What is searched."""
    embed: Embed | None = None
    """How chunks become vectors."""
    search: Search | None = None
    """How candidates are found."""
    rerank: Rerank | None = None
    """How candidates are put in order."""
