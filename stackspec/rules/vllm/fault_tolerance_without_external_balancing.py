"""Ranks that may fail behind the one server that balances over them.

## Why
`enable_fault_tolerance` keeps the other data-parallel ranks alive when one fails, for which each must be a process of its own. vLLM
refuses it without `data_parallel_external_lb`.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

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
    args: {enable_fault_tolerance: true}
#                                  ^^^^
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
    args: {data_parallel_external_lb: true, enable_fault_tolerance: true}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import external


@rule("error", on="launches", reads=Reads(("enable_fault_tolerance",), since="0.27", rows=(72,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for balancing from outside where ranks may fail; supervised ranks get theirs."""
    balanced = external(launched) or launched.on("data_parallel_multi_port_external_lb")
    if launched.on("enable_fault_tolerance") and not balanced:
        yield Finding(
            "`enable_fault_tolerance` needs each rank to be a process of its own, and one server starts them all",
            launched.at("enable_fault_tolerance"),
            hint="add `data_parallel_external_lb: true` where ranks span nodes, else remove it",
        )
