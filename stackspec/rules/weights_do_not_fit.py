"""A model whose weights do not fit on its accelerators.

## Why
Each rank loads its share of the weights, and needs room beside them for activations, communication and CUDA graphs. Where that is more
than the engine may take of the accelerator, the process dies while it loads, after minutes of downloading. Memory is counted as CUDA
reports it, which is less than the vendor's figure. All experts of a mixture occupy memory, active or not.
https://docs.vllm.ai/en/stable/configuration/conserving_memory/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
#                                                      --
models: {chat: {model: Qwen/Qwen3-32B, context_length: 4096}}
#                      ^^^^^^^^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: Qwen/Qwen3-32B, context_length: 4096}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._fit import amount, because, fits, ranks, works


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report groups whose ranks have no room for a cache at all, at the best."""
    for group, _, fit in fits(model):
        if fit.verdict == "does-not-fit" and fit.kv_available.estimate <= 0:
            hint, _ = works(model, group, fit)
            over = amount(-fit.kv_available.estimate)
            yield Finding(
                f"the weights take {amount(fit.part('weights').estimate)} {ranks(group)}, and {over} is missing before any cache",
                (*model.at, "model"),
                hint=hint,
                because=because(model, group, fit),
            )
