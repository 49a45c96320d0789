"""An adapter of a higher rank than the engine makes room for.

## Why
`lora.max_rank` reserves memory for adapters up to that rank. A higher one is refused when it is loaded, at start or at the first
request for it.
https://github.com/gpustack/gpustack/issues/5438

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  tenant:
    model: Qwen/Qwen3-4B
    adapters: {legal: {model: "pvc://adapters/legal", rank: 64}}
#                                                           ^^
    lora: {max_rank: 16}
#                    --
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  tenant:
    model: Qwen/Qwen3-4B
    adapters: {legal: {model: "pvc://adapters/legal", rank: 64}}
    lora: {max_rank: 64}
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
    """Compare the rank of each adapter with the room for it."""
    room = model.lora.max_rank if model.lora else None
    ranks = [adapter.rank for adapter in model.adapters.values() if adapter.rank]
    if room is None:
        return
    for adapter in model.adapters.values():
        if adapter.rank is not None and adapter.rank > room:
            place = (*model.at, "lora", "max_rank")
            yield Finding(
                f"adapter `{adapter.name}` has rank {adapter.rank}, and there is room for {room}",
                (*adapter.at, "rank"),
                hint=f"say `max_rank: {max(ranks)}`, or leave it out: the highest rank of the adapters is taken",
                because=(Because(f"room for rank {room}", place),),
                fix=Fix((Set(place, str(max(ranks))),)),
            )
