"""Experts that are balanced over a single rank.

## Why
Experts are spread over the tensor, data and prefill context ranks. Where their product is 1 there is nothing to balance, and vLLM
refuses `enable_eplb`.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, context_length: 8192, parallelism: {expert: true}, args: {enable_eplb: true}}
#                                                                                                          ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, context_length: 8192, parallelism: {data: 2, expert: true}, args: {enable_eplb: true}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import experts


@rule("error", on="launches", reads=Reads(("enable_eplb",), since="0.10", rows=(63,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Count the ranks that experts are spread over."""
    if launched.on("enable_eplb") and launched.on("enable_expert_parallel") and experts(launched) == 1:
        yield Finding(
            "`enable_eplb` balances experts over ranks, and there is 1",
            launched.at("enable_eplb"),
            hint="split the model by `tensor` or `data`, or remove `enable_eplb`",
        )
