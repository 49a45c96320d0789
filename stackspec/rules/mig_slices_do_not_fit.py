"""More MIG slices than one GPU holds.

## Why
A GPU has seven compute slices and eight memory slices (four and four on the smaller ones), and each profile may be made only so
often. `slices` counts per GPU; what does not fit is not created, and the operator reports the GPU as failed.
https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 4, 3g.40gb: 2}}}}
#                            -------------                       ^^^^^^
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 1g.10gb}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 4, 3g.40gb: 1}}}}
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 1g.10gb}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackspec.diagnostics import Because, Finding
from stackspec.ir.facts import MigProfile
from stackspec.ir.stack import Pool
from stackspec.rules import rule


@rule("error", on="pools")
def check(pool: Pool) -> Iterator[Finding]:
    """Add up the slices of one GPU."""
    gpu, slices = pool.accelerator, pool.sharing.slices
    if gpu is None or not slices or not gpu.mig or any(name not in gpu.mig for name in slices):
        return
    place = (*pool.at, "sharing", "slices")
    because = (Because(f"one {gpu.name}", (*pool.at, "accelerator")),)
    for name, count in slices.items():
        if count > gpu.mig[name].count:
            message = f"{count} slices of `{name}` on one GPU, and {gpu.name} holds at most {gpu.mig[name].count}"
            yield Finding(message, (*place, name), hint="`slices` counts per GPU, not per node", because=because)
            return
    reason = _over(slices, gpu.mig)
    if reason:
        yield Finding(f"{reason} of one GPU", place, hint="take fewer or smaller slices", because=because, on="key")


def _over(slices: Mapping[str, int], profiles: Mapping[str, MigProfile]) -> str | None:
    """Return what the slices exceed together: compute slices, or memory slices."""
    whole = max(profiles.values(), key=lambda profile: profile.slices)
    compute = {name: profiles[name].slices for name in slices}
    total = sum(compute[name] * count for name, count in slices.items())
    terms = " + ".join(f"{count} × {compute[name]}" for name, count in slices.items())
    if total > whole.slices:
        return f"{terms} = {total} of the {whole.slices} compute slices"
    parts = 8 if whole.slices == 7 else whole.slices
    memory = {name: _memory_slices(profiles[name], whole, parts) for name in slices}
    total = sum(memory[name] * count for name, count in slices.items())
    terms = " + ".join(f"{count} × {memory[name]}" for name, count in slices.items())
    return f"{terms} = {total} of the {parts} memory slices" if total > parts else None


def _memory_slices(profile: MigProfile, whole: MigProfile, parts: int) -> int:
    return max(1, round(profile.memory / whole.memory * parts))
