"""Two ways at once to balance requests over data-parallel ranks.

## Why
Requests reach data-parallel ranks through one server (the default), one server a node (`data_parallel_hybrid_lb`), or one server a rank
(`data_parallel_external_lb`, or a `data_parallel_rank`). vLLM refuses two of them together.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/cli/serve.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 4, expert: true}
    args: {data_parallel_hybrid_lb: true, data_parallel_external_lb: true}
#                                   ^^^^                             ----
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 4, expert: true}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import external


@rule("error", on="launches", reads=Reads(("data_parallel_hybrid_lb",), since="0.11.1", rows=(65,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for balancing a rank beside balancing a node; a rank alone was passed over in silence before 0.15."""
    outside = external(launched)
    if outside is None or not launched.on("data_parallel_hybrid_lb"):
        return
    yield Finding(
        f"`data_parallel_hybrid_lb` serves a node from one address, and `{outside}` each of its ranks",
        launched.at("data_parallel_hybrid_lb"),
        hint="keep one of the two",
        because=(Because("one server a rank", launched.at(outside)),),
    )
