"""Chunks longer than their model can read.

## Why
An engine refuses a text that is longer than the context of the embedding model or reranker. Libraries that cut it off
instead embed the beginning of the chunk, and the rest can never be found.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: sentence-transformers/all-MiniLM-L6-v2, task: embed}}
#                       --------------------------------------
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    corpus: {chunk_tokens: 800, chunk_overlap: 80}
#                          ^^^
    embed: {model: embed}
#                  -----
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    corpus: {chunk_tokens: 800, chunk_overlap: 80}
    embed: {model: embed}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._reach import context_at


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare chunks with the contexts of the models that read them."""
    for corpus in stack.retrieval.values():
        for name, key in ((corpus.embed_model, "embed"), (corpus.rerank_model, "rerank")):
            model = stack.models.get(name or "")
            if corpus.chunk_tokens is None or model is None or model.context is None or corpus.chunk_tokens <= model.context:
                continue
            because = [Because("reads the chunks", (*corpus.at, key, "model"))]
            if model.groups or model.endpoint:
                because.append(Because(f"up to {model.context} tokens", context_at(model)))
            yield Finding(
                f"chunks have {corpus.chunk_tokens} tokens, and `{model.name}` reads at most {model.context}",
                (*corpus.at, "corpus", "chunk_tokens"),
                hint=f"make chunks of fewer than {model.context} tokens, or choose a model with a longer context",
                because=tuple(because),
            )
