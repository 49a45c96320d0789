"""Batches cut in two beside kernels that cannot overlap the halves.

## Why
`enable_dbo`, and `ubatch_size` above 1, let one half of a batch compute while the other travels between experts. Only some
`all2all_backend`s can do that, the default is none of them, and vLLM refuses the others.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 8, expert: true}
    args: {enable_dbo: true, all2all_backend: allgather_reducescatter}
#                      ^^^^                   -----------------------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 8, expert: true}
    args: {enable_dbo: true, all2all_backend: deepep_low_latency}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_OVERLAP = ("deepep_low_latency", "deepep_high_throughput")
_DEFAULT = "allgather_reducescatter"


@rule("error", on="launches", reads=Reads(("enable_dbo", "ubatch_size"), since="0.11.1", rows=(62,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the kernels between experts with those that overlap; CPUs switch the cutting off, and AMD has kernels of its own."""
    flag = _asked(launched)
    accelerator = launched.group.pool.accelerator
    if flag is None or accelerator is None or accelerator.vendor == "amd":
        return
    release = numbers(launched.launch.version)
    known = (*_OVERLAP, "nixl_ep") if release >= (0, 24) else _OVERLAP
    used = _used(launched)
    if used is not None and used not in known:
        given = "all2all_backend" in launched.flags
        yield Finding(
            f"`{flag}` cuts batches in two, and {used} cannot overlap the halves",
            launched.at(flag),
            hint=f"add `all2all_backend`: {', '.join(known[:-1])} or {known[-1]}",
            because=(Because(f"experts talk through {used}", launched.at("all2all_backend")),) if given else (),
        )


def _asked(launched: Launched) -> str | None:
    if launched.on("enable_dbo"):
        return "enable_dbo"
    return "ubatch_size" if (launched.number("ubatch_size") or 0) > 1 else None


def _used(launched: Launched) -> str | None:
    """Return what carries tokens between experts, None where nobody here knows: old releases asked the environment as well."""
    if "all2all_backend" in launched.flags:
        return launched.word("all2all_backend")
    return None if "VLLM_ALL2ALL_BACKEND" in launched.launch.env else _DEFAULT
