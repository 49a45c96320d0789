"""A shared pool that does not say into how many parts.

## Why
`time_slicing` needs `replicas`, `mps` needs `clients` and `mig` needs `slices`. NVIDIA's device plugin refuses fewer than two
replicas, and then offers no GPU at all; a pool that is not shared has no `sharing`.
https://github.com/NVIDIA/k8s-device-plugin#shared-access-to-gpus

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, sharing: {kind: time_slicing}}}}
#                                                          ^^^^^^^
models: {chat: {model: Qwen/Qwen3-0.6B, context_length: 8192}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, sharing: {kind: time_slicing, replicas: 2}}}}
models: {chat: {model: Qwen/Qwen3-0.6B, context_length: 8192}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Pool
from stackspec.rules import rule

_KEYS = {"time_slicing": ("replicas", "2"), "mps": ("clients", "2"), "mig": ("slices", "{1g.10gb: 7}")}


@rule("error", on="pools")
def check(pool: Pool) -> Iterator[Finding]:
    """Report sharing of one part."""
    kind = pool.sharing.kind
    if kind == "none" or (pool.sharing.slices if kind == "mig" else pool.sharing.ways > 1):
        return
    key, example = _KEYS[kind]
    what = "names no slices" if kind == "mig" else "shares each accelerator one way"
    yield Finding(
        f"pool `{pool.name}` is shared by {kind} and {what}",
        (*pool.at, "sharing"),
        hint=f"say `{key}: {example}`, or remove `sharing`",
        on="key",
    )
