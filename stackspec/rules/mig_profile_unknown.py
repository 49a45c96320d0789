"""A MIG profile that the accelerator does not have.

## Why
Each GPU offers a fixed list of profiles, and their names differ with its memory: `1g.10gb` of an 80 GB H100 is `1g.12gb` on one
of 94 GB. The GPU operator leaves a GPU unconfigured when it is asked for one that it does not have.
https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html

## Bad
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.12gb: 7}}}}
#                            -------------                                ^^^^^^^
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 1g.12gb}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster:
  kind: kubernetes
  pools: {gpu: {accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 7}}}}
models: {chat: {model: Qwen/Qwen3-0.6B, slice: 1g.10gb}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Pool
from stackspec.rules import rule

_CUSTOM = "the spec"


@rule("error", on="pools")
def check(pool: Pool) -> Iterator[Finding]:
    """Look each profile up; hardware that the spec describes itself is not judged."""
    gpu = pool.accelerator
    if gpu is None or pool.sharing.kind != "mig" or gpu.source == _CUSTOM:
        return
    place = (*pool.at, "sharing", "slices")
    because = (Because(f"a {gpu.name}", (*pool.at, "accelerator")),)
    if not gpu.mig:
        message = f"{gpu.name} cannot be cut into MIG slices"
        hint = "use `time_slicing` or `mps`, or another accelerator"
        yield Finding(message, (*pool.at, "sharing", "kind"), hint=hint, because=because)
        return
    for profile in pool.sharing.slices:
        if profile not in gpu.mig:
            hint = f"it has {', '.join(gpu.mig)}"
            yield Finding(f"{gpu.name} has no MIG profile `{profile}`", (*place, profile), hint=hint, because=because, on="key")
