"""A feature of GPUs on a pool without such GPUs.

## Why
Sleeping, its memory allocator, the balancing of experts and sparse KV caches on the host are written for GPUs of some vendors, more of them
with each release. vLLM refuses them elsewhere.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/platforms/interface.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
#                                -----
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {enable_sleep_mode: true}}
#                                                                              ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {enable_sleep_mode: true}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_FEATURES: dict[tuple[str, ...], dict[str, tuple[int, ...]]] = {
    ("enable_sleep_mode",): {"nvidia": (0,), "amd": (0, 11), "intel": (0, 23)},
    ("enable_eplb",): {"nvidia": (0,), "amd": (0, 11), "intel": (0, 31)},
    ("enable_cumem_allocator",): {"nvidia": (0,), "amd": (0,), "intel": (0,)},
    ("attention_config", "hisparse_config"): {"nvidia": (0,)},
}
"""Feature → the vendors that have it, and since which release; accelerators of other vendors bring vLLM platforms of their own."""
_VENDORS = ("nvidia", "amd", "intel")


@rule("error", on="launches", reads=Reads(tuple(name for name, *_ in _FEATURES), rows=(63, 85)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare each feature that is on with the vendor of the pool's accelerators; a pool without any has CPUs."""
    pool = launched.group.pool
    vendor = pool.accelerator.vendor if pool.accelerator else "cpu"
    if pool.accelerator and vendor not in _VENDORS:
        return
    for (name, *fields), since in _FEATURES.items():
        on = launched.on(name) if not fields else isinstance(launched.value(name, *fields), dict)
        if on and numbers(launched.launch.version) < since.get(vendor, (10**6,)):
            what = f"{vendor} accelerators" if pool.accelerator else "CPUs"
            yield Finding(
                f"`{'.'.join((name, *fields))}` needs GPUs that have it, and pool `{pool.name}` has {what}",
                launched.at(name, *fields),
                hint="remove it, or name another pool",
                because=(Because(what, pool.at),),
            )
