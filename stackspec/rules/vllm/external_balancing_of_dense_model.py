"""Data-parallel ranks of a model without experts, balanced from outside.

## Why
Data-parallel ranks must run in step only where they share experts. Ranks of a dense model that something outside balances are no
different from replicas, and vLLM refuses them.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    parallelism: {data: 2}
    args: {data_parallel_external_lb: true}
#                                     ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, replicas: 2}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import dense, external, size


@rule("error", on="launches", reads=Reads(("data_parallel_external_lb",), since="0.21", rows=(65,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report ranks balanced from outside where the architecture is known to be dense."""
    flag, ranks = external(launched), size(launched, "data_parallel_size")
    if flag is None or ranks is None or ranks < 2 or not dense(launched):
        return
    yield Finding(
        f"`{flag}` lets something outside balance over {ranks} ranks of a dense model",
        launched.at(flag),
        hint=f"write `replicas: {ranks}` instead of data parallelism",
    )
