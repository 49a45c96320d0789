"""A port for each rank of a node, where the node has no several ranks.

## Why
`data_parallel_multi_port_external_lb` starts one server for each data-parallel rank of a node, each at its own port. vLLM refuses it
unless it is told how many there are, 2 or more: of a replica on one node it is not, since its model has one address.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/launchers/dp_supervisor.py

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
    args: {data_parallel_multi_port_external_lb: true}
#                                                ^^^^
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

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule(
    "error", on="launches", reads=Reads(("data_parallel_multi_port_external_lb",), since="0.22", refused="parser", rows=(67,))
)
def check(launched: Launched) -> Iterator[Finding]:
    """Count the ranks of a node, where each gets a port."""
    if not launched.on("data_parallel_multi_port_external_lb"):
        return
    local = launched.number("data_parallel_size_local")
    if "data_parallel_size_local" not in launched.flags or (local is not None and local < 2):
        yield Finding(
            "`data_parallel_multi_port_external_lb` gives each rank of a node a port, and "
            + ("nothing says how many there are" if local is None else f"there is {local:g}"),
            launched.at("data_parallel_multi_port_external_lb"),
            hint="remove it: one server balances over the ranks",
        )
