"""A port for each rank of a node, beside what is set for each rank.

## Why
`data_parallel_multi_port_external_lb` supervises the ranks of a node: it gives each its rank, its port and its one API server. vLLM
refuses flags beside it that set these by hand, and listeners that are no port: `uds` and `grpc`.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/launchers/dp_supervisor.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100, gpus_per_node: 8, nodes: 2}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 16, expert: true}
    args: {data_parallel_multi_port_external_lb: true, uds: /run/vllm.sock}
#                                                ----       ^^^^^^^^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100, gpus_per_node: 8, nodes: 2}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 16, expert: true}
    args: {data_parallel_multi_port_external_lb: true}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_FLAGS = ("data_parallel_rank", "data_parallel_external_lb", "data_parallel_hybrid_lb", "uds", "grpc")


@rule(
    "error",
    on="launches",
    reads=Reads(("data_parallel_multi_port_external_lb",), since="0.22", refused="parser", rows=(65, 67)),
)
def check(launched: Launched) -> Iterator[Finding]:
    """Report each flag that the supervision of a node's ranks gives itself."""
    if not launched.on("data_parallel_multi_port_external_lb"):
        return
    given = [name for name in _FLAGS if name in launched.flags and launched.value(name) is not False]
    servers = launched.number("api_server_count")
    if servers is not None and servers != 1:
        given.append("api_server_count")
    for name in given:
        yield Finding(
            f"`{name}` is set, and `data_parallel_multi_port_external_lb` starts one server at one port for each rank",
            launched.at(name),
            hint=f"remove `{name}`",
            because=(Because("ranks are supervised", launched.at("data_parallel_multi_port_external_lb")),),
        )
