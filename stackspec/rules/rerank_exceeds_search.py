"""A reranker that is to keep more than search finds.

## Why
Reranking puts the candidates of the search in order and keeps the best. It cannot keep more than it is given, so the
rest of the prompt that was planned for them stays empty.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  embed: {model: BAAI/bge-m3, task: embed}
  rerank: {model: BAAI/bge-reranker-v2-m3, task: rerank}
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    embed: {model: embed}
    search: {top_k: 20}
#                   --
    rerank: {model: rerank, top_k: 40}
#                                  ^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  embed: {model: BAAI/bge-m3, task: embed}
  rerank: {model: BAAI/bge-reranker-v2-m3, task: rerank}
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    embed: {model: embed}
    search: {top_k: 40}
    rerank: {model: rerank, top_k: 8}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Retrieval
from stackspec.rules import rule


@rule("warning", on="retrieval")
def check(corpus: Retrieval) -> Iterator[Finding]:
    """Compare what the reranker keeps with what the search returns."""
    if corpus.rerank_top_k is not None and corpus.rerank_top_k > corpus.top_k:
        yield Finding(
            f"reranking keeps {corpus.rerank_top_k} candidates, and the search returns {corpus.top_k}",
            (*corpus.at, "rerank", "top_k"),
            hint=f"keep fewer, or search for more: several times {corpus.rerank_top_k} is usual",
            because=(Because(f"returns {corpus.top_k}", (*corpus.at, "search", "top_k")),),
        )
