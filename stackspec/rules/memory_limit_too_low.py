"""A memory limit below what a replica needs to start.

## Why
A container over its limit is killed by the kernel, usually while it loads: weights pass through host memory, and each rank and server
takes its part. `/dev/shm` counts as far as it is used.
https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, resources: {memory: 2Gi}}}
#                      -------------                                            ^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, resources: {memory: 32Gi}}}
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
    """Compare the limit with the low end of what one replica takes of its node."""
    for group, at in apart(model, lambda group: (group.estimate, group.resources)):
        need, limit = group.estimate.host_memory, group.resources.memory_limit
        if need is not None and limit is not None and limit < need.low:
            yield Finding(
                f"a replica is killed above {gib(limit)}, and takes {gib(need.low)} to {gib(need.high)} (estimate)",
                (*at, "resources", "memory"),
                hint=f"allow {int(-(-need.high // 2**30))}Gi",
                because=(Because("its weights pass through host memory", (*model.at, "model")),),
            )
