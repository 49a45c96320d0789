"""A replica of several ranks on accelerators that are shared.

## Why
Under time slicing and MPS a pod that asks for two GPUs may get two shares of the same one, and the ranks of one replica then fight
for its memory. MIG instances cannot reach each other over NVLink or PCIe, so NCCL does not start between them.
https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-sharing.html
https://docs.nvidia.com/datacenter/tesla/mig-user-guide/

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: l4, gpus_per_node: 4, sharing: {kind: time_slicing, replicas: 2}}}
#                                                                  ------------
models: {chat: {model: Qwen/Qwen3-4B, parallelism: {tensor: 2}, context_length: 8192}}
#                                     ^^^^^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: l4, gpus_per_node: 4, sharing: {kind: time_slicing, replicas: 2}}}
models: {chat: {model: Qwen/Qwen3-0.6B, replicas: 2, context_length: 8192}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report more than one rank on a shared pool."""
    for group, at in apart(model, lambda group: (group.parallelism, group.pool)):
        kind, ranks = group.pool.sharing.kind, group.parallelism.ranks
        if group.pool.accelerator is None or kind == "none" or ranks < 2:
            continue
        yield Finding(
            f"one replica of `{model.name}` needs {ranks} accelerators, and pool `{group.pool.name}` shares them by {kind}",
            (*at, "parallelism"),
            hint="run it on a pool without `sharing`, or remove `parallelism`",
            because=(Because(f"accelerators shared by {kind}", (*group.pool.at, "sharing", "kind")),),
            on="key",
        )
