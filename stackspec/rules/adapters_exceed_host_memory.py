"""Room for more adapters in a batch than in host memory.

## Why
vLLM keeps adapters in host memory and copies those of a batch to the accelerator, so `max_cpu_loras` must be at least `max_loras`;
it refuses to start otherwise.
https://docs.vllm.ai/en/stable/features/lora/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {tenant: {model: Qwen/Qwen3-4B, lora: {max_loras: 8, max_rank: 16, max_cpu_loras: 4}}}
#                                                         -                               ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {tenant: {model: Qwen/Qwen3-4B, lora: {max_loras: 4, max_rank: 16, max_cpu_loras: 8}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.stack import Model
from stackspec.rules import rule


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the two numbers of `lora`."""
    lora = model.lora
    if lora is None or lora.max_loras is None or lora.max_cpu_loras is None or lora.max_loras <= lora.max_cpu_loras:
        return
    place = (*model.at, "lora", "max_cpu_loras")
    yield Finding(
        f"{lora.max_loras} adapters in a batch, and {lora.max_cpu_loras} in host memory",
        place,
        hint=f"say `max_cpu_loras: {lora.max_loras}` or more",
        because=(Because(f"{lora.max_loras} at once", (*model.at, "lora", "max_loras")),),
        fix=Fix((Set(place, str(lora.max_loras)),)),
    )
