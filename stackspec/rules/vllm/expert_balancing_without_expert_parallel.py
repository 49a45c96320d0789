"""Experts that are balanced over ranks without being spread over them.

## Why
`enable_eplb` moves busy experts between the ranks of expert parallelism, and vLLM refuses it where there is none.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, context_length: 8192, parallelism: {tensor: 2}, args: {enable_eplb: true}}
#                                                                                                       ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, context_length: 8192, parallelism: {tensor: 2, expert: true}, args: {enable_eplb: true}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("enable_eplb",), since="0.10", rows=(63,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for expert parallelism where experts are balanced."""
    if launched.on("enable_eplb") and not launched.on("enable_expert_parallel"):
        yield Finding(
            "`enable_eplb` balances experts over ranks, and no expert parallelism spreads them",
            launched.at("enable_eplb"),
            hint="add `parallelism: {expert: true}`, or remove `enable_eplb`",
        )
