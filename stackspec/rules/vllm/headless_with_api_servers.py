"""Followers without API servers that are told to start some.

## Why
Where one server balances over all nodes of a replica, the other nodes run `headless`. They get the same `args` as the first, and vLLM
refuses an `api_server_count` above 0 in a headless process (above 1 before 0.15).
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/cli/serve.py

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
#                       --
    args: {api_server_count: 4}
#                            ^
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
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import headless


@rule("error", on="launches", reads=Reads(("api_server_count",), since="0.10", refused="start", rows=(71,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Count the API servers that followers are told to start."""
    servers, quiet = launched.number("api_server_count"), headless(launched)
    most = 0 if numbers(launched.launch.version) >= (0, 15) else 1
    if quiet is not None and servers is not None and servers > most:
        yield Finding(
            f"{servers:g} API servers, also on the nodes that serve nothing",
            launched.at("api_server_count"),
            hint="leave it out: by default there is one for each data-parallel rank",
            because=(Because("one server for all nodes", quiet),),
        )
