"""A pool whose nodes are said to have more than their machine type.

## Why
`gpus_per_node`, `cpu` and `memory` describe what is in a node. Written above what the machine type has, replicas are planned for
room that does not exist and stay pending. Written below it they leave room for the system, which is fine.
https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, provider: aws, pools: {gpu: {accelerator: l4, instance: g6.12xlarge, gpus_per_node: 8}}}
#                                                                                   -----------                 ^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, provider: aws, pools: {gpu: {accelerator: l4, instance: g6.12xlarge, gpus_per_node: 4, cpu: 46}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.facts import Instance
from stackspec.ir.stack import Pool
from stackspec.rules import rule
from stackspec.units import bytes_text, gib


@rule("error", on="pools")
def check(pool: Pool) -> Iterator[Finding]:
    """Compare each size of a node with its machine type."""
    instance = pool.instance
    if instance is None:
        return
    if instance.accelerators and pool.gpus_per_node > instance.accelerators:
        yield _finding(pool, instance, "gpus_per_node", f"{pool.gpus_per_node} accelerators", str(instance.accelerators))
    if pool.cpu is not None and pool.cpu > instance.cpu:
        yield _finding(pool, instance, "cpu", f"{pool.cpu:g} CPUs", str(instance.cpu))
    if pool.memory is not None and pool.memory > instance.memory:
        yield _finding(pool, instance, "memory", gib(pool.memory), bytes_text(instance.memory))


def _finding(pool: Pool, instance: Instance, key: str, written: str, has: str) -> Finding:
    place = (*pool.at, key)
    return Finding(
        f"{written} a node, and {instance.name} has {has}",
        place,
        hint=f"use `{key}: {has}`, or leave it out: the machine type says it",
        because=(Because(f"a machine with {has}", (*pool.at, "instance")),),
        fix=Fix((Set(place, has),)),
    )
