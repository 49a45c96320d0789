"""A generative checkpoint that is asked to rank.

## Why
vLLM turns a generative checkpoint into a classifier, whose head has two labels unless its configuration says otherwise. It ranks and
scores by models of one label alone: the server starts, and `/rerank` is answered with 404. Rerankers that are generative checkpoints
say how they score, in `hf_overrides`; for the families that are known here stackspec writes it.
https://docs.vllm.ai/en/stable/models/pooling_models/scoring/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {rank: {model: Qwen/Qwen3-4B, task: rerank, context_length: 8192}}
#                                           ^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {rank: {model: Qwen/Qwen3-4B, task: rerank, context_length: 8192, args: {hf_overrides: {num_labels: 1}}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("warning", on="launches", reads=Reads(("convert",), refused="never"))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for a ranking model that is made a classifier, and says nothing of how it scores."""
    if launched.model.task == "rerank" and launched.word("convert") == "classify" and "hf_overrides" not in launched.flags:
        yield Finding(
            f"`{launched.model.name}` becomes a classifier of two labels, and vLLM ranks by models of one alone",
            launched.at("convert"),
            hint="name a model that was made to rank, or say how it scores in `args: {hf_overrides: …}`",
        )
