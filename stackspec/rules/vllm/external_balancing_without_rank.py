"""One server a rank, without saying which rank it is.

## Why
With `data_parallel_external_lb` each process is one data-parallel rank, and vLLM refuses to guess which. Where ranks
span nodes, the number of the node says it; elsewhere ranks that something outside balances over cannot come from one spec.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 2, expert: true}
    args: {data_parallel_external_lb: true}
#                                     ^^^^
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
    parallelism: {data: 2, expert: true}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import dense, external, size


@rule("error", on="launches", reads=Reads(("data_parallel_external_lb",), since="0.11.1", rows=(65,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the rank, or for the nodes that it is counted from."""
    if external(launched) != "data_parallel_external_lb" or "data_parallel_rank" in launched.flags:
        return
    if dense(launched) and numbers(launched.launch.version) >= (0, 21):
        return  # refused for that
    ranks = size(launched, "data_parallel_size")
    if launched.on("data_parallel_hybrid_lb") or "nnodes" in launched.flags or ranks is None or ranks < 2:
        return
    yield Finding(
        f"`data_parallel_external_lb` makes this process one of {ranks} ranks, and nothing says which",
        launched.at("data_parallel_external_lb"),
        hint="remove it: one server balances over the ranks",
    )
