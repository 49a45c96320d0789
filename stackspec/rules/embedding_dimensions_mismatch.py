"""Vectors of another length than the embedding model makes.

## Why
A store has one length of vectors, fixed when its index is made. Vectors of another length are refused at the first
document, and changing the length later means to embed everything again. Some models allow vectors to be cut
(Matryoshka): then any length between their shortest and their full one is right.
https://github.com/open-webui/open-webui/issues/11279

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
#                       -----------
retrieval:
  handbook:
    framework: haystack
    store: {kind: qdrant}
    embed: {model: embed, dimensions: 768}
#                                     ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  embed: {model: BAAI/bge-m3, task: embed}
  short: {model: Qwen/Qwen3-Embedding-0.6B, task: embed}
retrieval:
  handbook: {framework: haystack, store: {kind: qdrant}, embed: {model: embed, dimensions: 1024}}
  faq: {framework: haystack, store: {kind: qdrant}, embed: {model: short, dimensions: 256}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.path import Path
from stackspec.ir.stack import Model, Retrieval, Stack
from stackspec.rules import rule


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare the length of each corpus' vectors with what its embedding model makes."""
    for corpus in stack.retrieval.values():
        model = stack.models.get(corpus.embed_model or "")
        if model is not None and model.dimensions is not None and corpus.dimensions is not None:
            yield from _compare(corpus, model, model.dimensions)


def _compare(corpus: Retrieval, model: Model, full: int) -> Iterator[Finding]:
    asked, least = corpus.dimensions or full, model.min_dimensions or full
    if least <= asked <= full:
        return
    at = (*corpus.at, "embed", "dimensions")
    makes = f"{least} to {full}" if least < full else f"{full}"
    good = full if asked > full else least
    yield Finding(
        f"`{corpus.name}` wants vectors of length {asked}, and `{model.name}` makes {makes}",
        at,
        hint=f"write `{good}`, or leave it out to take the model's",
        because=(Because(f"makes vectors of length {makes}", _said_at(model)),),
        fix=Fix((Set(at, str(good)),), safe=False),
    )


def _said_at(model: Model) -> Path:
    width = model.facts.embedding_width if model.facts else None
    return (*model.at, "model") if width is not None and width == model.dimensions else (*model.at, "embedding", "dimensions")
