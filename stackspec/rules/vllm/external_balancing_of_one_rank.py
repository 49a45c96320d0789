"""Balancing over data-parallel ranks from outside, where there is one.

## Why
`data_parallel_external_lb` makes a process one of several data-parallel ranks. vLLM refuses it where there is 1.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {data_parallel_external_lb: true}}
#                                                                                      ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import external, size


@rule("error", on="launches", reads=Reads(("data_parallel_external_lb",), since="0.11.1", rows=(65,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Count the ranks where something outside balances over them."""
    flag = external(launched)
    if flag is not None and size(launched, "data_parallel_size") == 1:
        yield Finding(
            f"`{flag}` makes this process one of several data-parallel ranks, and there is 1",
            launched.at(flag),
            hint="split the model by `data`, or remove it: replicas are balanced by what stands in front of them",
        )
