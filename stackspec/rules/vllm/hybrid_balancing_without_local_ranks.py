"""One server a node, without saying how many ranks a node has.

## Why
With `data_parallel_hybrid_lb` each node serves its own data-parallel ranks, and vLLM refuses it without their number. Where a
replica takes several nodes, that number is the pool's; on one node there is nothing to balance between nodes.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, parallelism: {data: 4}, args: {data_parallel_hybrid_lb: true}}
#                                                                                                            ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, parallelism: {data: 4}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("data_parallel_hybrid_lb",), since="0.10", rows=(65,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the number of local ranks, which several nodes in one group of processes give as well."""
    given = {"data_parallel_size_local", "data_parallel_rank", "data_parallel_external_lb", "nnodes"} & launched.flags.keys()
    if launched.on("data_parallel_hybrid_lb") and not given:
        yield Finding(
            "`data_parallel_hybrid_lb` serves the ranks of one node, and nothing says how many there are",
            launched.at("data_parallel_hybrid_lb"),
            hint="remove it: one server balances over the ranks of a single node",
        )
