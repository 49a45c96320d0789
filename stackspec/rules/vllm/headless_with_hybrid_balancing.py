"""Nodes that share each rank, and one server for each node.

## Why
Where a data-parallel rank takes several nodes, only the first of them can serve it and the others run `headless`;
`data_parallel_hybrid_lb` lets each node serve its own ranks. vLLM refuses both.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/cli/serve.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100, gpus_per_node: 8, nodes: 4, fabric: {kind: infiniband}}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {tensor: 16, data: 2, expert: true}
#   -----------
    args: {data_parallel_hybrid_lb: true}
#                                   ^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100, gpus_per_node: 8, nodes: 4, fabric: {kind: infiniband}}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {tensor: 16, data: 2, expert: true}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import headless


@rule("error", on="launches", reads=Reads(("data_parallel_hybrid_lb",), since="0.11.1", refused="start", rows=(71,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for followers that serve nothing where each node is to serve."""
    quiet = headless(launched)
    if quiet is not None and launched.on("data_parallel_hybrid_lb"):
        yield Finding(
            "`data_parallel_hybrid_lb` lets each node serve its ranks, and a rank takes several nodes",
            launched.at("data_parallel_hybrid_lb"),
            hint="remove it, or let a rank fit one node",
            because=(Because("a rank on several nodes", quiet),),
        )
