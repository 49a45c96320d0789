"""A volume for weights that is smaller than the weights.

## Why
Models of one cache share its volume: each different checkpoint lies there once, and while it is fetched its parts lie beside it. On a full
volume the download fails after minutes, and every replica fetches again.
https://kubernetes.io/docs/concepts/storage/persistent-volumes/

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb}}
  model_cache: {kind: pvc, size: 50Gi, access_mode: ReadWriteMany}
#                                ^^^^
models: {chat: {model: Qwen/Qwen3-32B, context_length: 8192}}
#                      --------------
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb}}
  model_cache: {kind: pvc, size: 200Gi, access_mode: ReadWriteMany}
models: {chat: {model: Qwen/Qwen3-32B, context_length: 8192}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Model, Stack
from stackspec.rules import rule
from stackspec.rules._asked import each
from stackspec.units import gib

_SHOWN = 4


class _Kept(NamedTuple):
    """One checkpoint on a volume of known size; bytes at the least and with an unfinished download."""

    cache: Path
    size: int
    location: str
    least: float
    most: float
    at: Path


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Add up the different checkpoints of each volume whose size is written."""
    volumes: dict[Path, dict[str, _Kept]] = {}
    for item in each(stack, "models", kept):
        if item is not None:
            volumes.setdefault(item.cache, {}).setdefault(item.location, item)
    for cache, items in sorted(volumes.items(), key=lambda entry: tuple(map(str, entry[0]))):
        held = sorted(items.values(), key=lambda item: (-item.least, item.location))
        size, least = held[0].size, sum(item.least for item in held)
        if least > size:
            most = least + max(item.most - item.least for item in held)
            yield Finding(
                f"the weights take {gib(least)}, {gib(most)} while they are fetched, and the volume has {gib(size)}",
                (*cache, "size"),
                hint=f"ask for at least {int(-(-most // 2**30))}Gi",
                because=tuple(Because(f"{gib(item.least)}", item.at) for item in held[:_SHOWN]),
            )


def kept(model: Model) -> _Kept | None:
    """Return what a model keeps on its volume, where both are known."""
    need = model.groups[0].estimate.disk if model.groups else None
    cache = model.cache
    if need is None or model.source is None or cache.kind != "pvc" or not cache.size:
        return None
    return _Kept(cache.at, cache.size, model.source.location, need.low, need.high, (*model.at, "model"))
