"""More GPU memory asked for than the GPU has.

## Why
`gpu_memory` becomes a share of the accelerator's memory as the engine sees it, which is a little less than the number on the box.
A share above 1 is refused, and one above what is free never starts.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
#                                                   --
models: {chat: {model: Qwen/Qwen3-4B, gpu_memory: 24Gi}}
#                                                 ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, gpu_memory: 20Gi}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart
from stackspec.units import gib


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report shares above the whole."""
    for group, at in apart(model, lambda group: (group.memory_share, group.pool)):
        gpu, share = group.pool.accelerator, group.memory_share
        if gpu is not None and share is not None and share > 1:
            yield Finding(
                f"{gib(share * gpu.memory)} asked for, and {gpu.name} has {gib(gpu.memory)}",
                (*at, "gpu_memory"),
                hint=f"ask for at most {int(gpu.memory * 0.92 / 2**30)}Gi, which leaves room for the driver",
                because=(Because(f"{gib(gpu.memory)} as the engine sees it", (*group.pool.at, "accelerator")),),
            )
