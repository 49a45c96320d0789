"""A type of weights that the accelerator cannot compute with.

## Why
bfloat16 needs compute capability 8.0 (Ampere). On older GPUs vLLM refuses to start with it; `float16`, or `auto`, which then chooses
that, runs.
https://github.com/vllm-project/vllm/issues/1157

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: t4}}}
#                                                   --
models: {chat: {model: Qwen/Qwen3-4B, dtype: bfloat16, context_length: 8192}}
#                                            ^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: t4}}}
models: {chat: {model: Qwen/Qwen3-4B, dtype: float16, context_length: 8192}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_LEAST = {"bfloat16": (8, 0)}
"""Type → least compute capability. Source: vllm/platforms/cuda.py of 0.33.0, read 2026-11."""


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare a written type with the accelerator of each group."""
    for group, at in apart(model, lambda group: (group.dtype, group.pool)):
        gpu, least = group.pool.accelerator, _LEAST.get(group.dtype or "")
        if gpu is None or gpu.compute_capability is None or least is None or gpu.compute_capability >= least:
            continue
        place = (*at, "dtype")
        has = f"{gpu.compute_capability[0]}.{gpu.compute_capability[1]}"
        yield Finding(
            f"{group.dtype} needs compute capability {least[0]}.{least[1]}, and {gpu.name} has {has}",
            place,
            hint="use `float16`",
            because=(Because(f"compute capability {has}", (*group.pool.at, "accelerator")),),
            fix=Fix((Set(place, "float16"),)),
        )
