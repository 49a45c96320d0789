"""Chunks that overlap by their whole length.

## Why
The next chunk begins where the last one ends, less the overlap. With an overlap as long as the chunk it begins where
the last one began: splitters refuse that, or never end.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    corpus: {chunk_tokens: 400, chunk_overlap: 400}
#                          ---                 ^^^
    embed: {model: embed}
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
    corpus: {chunk_tokens: 400, chunk_overlap: 40}
    embed: {model: embed}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Retrieval
from stackspec.rules import rule


@rule("error", on="retrieval")
def check(corpus: Retrieval) -> Iterator[Finding]:
    """Compare overlap and length of chunks."""
    if corpus.chunk_tokens is not None and corpus.chunk_overlap >= corpus.chunk_tokens:
        yield Finding(
            f"chunks of {corpus.chunk_tokens} tokens cannot overlap by {corpus.chunk_overlap}",
            (*corpus.at, "corpus", "chunk_overlap"),
            hint=f"a tenth is usual: `{max(1, corpus.chunk_tokens // 10)}`",
            because=(Because(f"{corpus.chunk_tokens} tokens each", (*corpus.at, "corpus", "chunk_tokens")),),
        )
