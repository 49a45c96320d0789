"""A supervisor that listens where a rank does.

## Why
`data_parallel_multi_port_external_lb` lets the ranks of a node listen at `port`, `port` + 1 and so on, and their supervisor at
`data_parallel_supervisor_port` (9256 by default). vLLM refuses a supervisor among them.
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
    args: {data_parallel_multi_port_external_lb: true, data_parallel_supervisor_port: 8002}
#                                                                                     ^^^^
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
    args: {data_parallel_multi_port_external_lb: true, data_parallel_supervisor_port: 9000}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule

_SUPERVISOR = 9256


@rule(
    "error", on="launches", reads=Reads(("data_parallel_multi_port_external_lb",), since="0.22", refused="parser", rows=(67,))
)
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the supervisor's port with those of the ranks."""
    local, first = launched.number("data_parallel_size_local"), launched.number("port")
    given = "data_parallel_supervisor_port" in launched.flags
    port = launched.number("data_parallel_supervisor_port") if given else _SUPERVISOR
    if not launched.on("data_parallel_multi_port_external_lb") or local is None or first is None or port is None:
        return
    last = first + local - 1
    if first <= port <= last:
        yield Finding(
            f"the ranks' supervisor listens at {port:g}, and the ranks at {first:g} to {last:g}",
            launched.at("data_parallel_supervisor_port" if given else "port"),
            hint=f"take a port above {last:g} for one of the two"
            if given
            else f"add `data_parallel_supervisor_port: {last + 1:g}`",
        )
