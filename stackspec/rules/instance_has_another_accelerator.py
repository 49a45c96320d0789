"""A machine type with another accelerator than the pool names.

## Why
The instance decides what is in the machine. Memory, compute capability and the number of GPUs are then taken from hardware that
will not be there, and every later check rests on it.
https://aws.amazon.com/ec2/instance-types/accelerated-computing/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, provider: aws, pools: {gpu: {accelerator: l40s, instance: g6.12xlarge}}}
#                                                                     ^^^^            -----------
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, provider: aws, pools: {gpu: {accelerator: l4, instance: g6.12xlarge}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.stack import Pool
from stackspec.rules import rule

_CUSTOM = "the spec"


@rule("error", on="pools")
def check(pool: Pool) -> Iterator[Finding]:
    """Compare the accelerator of a pool with the one of its machine type; hardware that the spec describes itself is not judged."""
    instance, gpu = pool.instance, pool.accelerator
    if instance is None or gpu is None or gpu.source == _CUSTOM or instance.accelerator == gpu.name:
        return
    has, place = instance.accelerator, (*pool.at, "accelerator")
    yield Finding(
        f"{instance.name} has {f'{instance.accelerators} × {has}' if has else 'no accelerator'}, and pool `{pool.name}` names {gpu.name}",
        place,
        hint=f"use `accelerator: {has}`, or another machine type" if has else "name a machine type with accelerators",
        because=(Because(f"a machine with {has or 'no accelerator'}", (*pool.at, "instance")),),
        fix=Fix((Set(place, has),)) if has else None,
    )
