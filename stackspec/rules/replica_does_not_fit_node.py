"""A replica whose processes need more memory than its node has.

## Why
Weights pass through the memory of the host on their way to the accelerators, and each rank, each server and each cache in host memory takes
its part. Where a node has less than even the low end of that, the kernel ends the process while it loads, after minutes, and says nothing
in the engine's log.
https://docs.vllm.ai/en/stable/configuration/conserving_memory/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, memory: 8Gi}}}
#                                                                                               ^^^
models: {chat: {model: Qwen/Qwen3-32B, context_length: 8192, parallelism: {tensor: 8}}}
#                      --------------
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, memory: 2Ti}}}
models: {chat: {model: Qwen/Qwen3-32B, context_length: 8192, parallelism: {tensor: 8}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart
from stackspec.units import gib


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare a node's memory with the low end of what one replica takes of it."""
    for group, _ in apart(model, lambda group: (group.estimate, group.pool)):
        need, has = group.estimate.host_memory, group.pool.memory
        if need is None or has is None or need.low <= has:
            continue
        at = (*group.pool.at, "instance" if group.pool.instance and group.pool.instance.memory == has else "memory")
        yield Finding(
            f"one replica takes {gib(need.low)} to {gib(need.high)} of a node's memory (estimate), and the node has {gib(has)}",
            at,
            hint="take nodes with more memory, or spread the model over more of them",
            because=(Because(f"{model.name}: {group.gpus} ranks on a node", (*model.at, "model")),),
        )
