"""A search by vector without a model that makes vectors.

## Why
To search by vector, chunks and questions must be turned into vectors by the same model. Without `embed` there is
nothing to store and nothing to compare. A search by words alone is `search: {mode: keyword}`.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    search: {mode: hybrid}
#                  ^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    search: {mode: keyword}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Retrieval
from stackspec.rules import rule


@rule("error", on="retrieval")
def check(corpus: Retrieval) -> Iterator[Finding]:
    """Look for vectors that nobody makes."""
    if corpus.embed_model is None and corpus.mode != "keyword":
        yield Finding(
            f"`{corpus.name}` is searched by vector, and no model makes its vectors",
            (*corpus.at, "search", "mode"),
            hint="add `embed: {model: …}`, or search with `mode: keyword`",
        )
