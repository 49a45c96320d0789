"""A setting that vLLM drops on CPUs.

## Why
On CPUs vLLM drops some settings, most of them in silence: it schedules in step, cuts no batches in two, captures no CUDA graphs, has
attention kernels of its own, and runs its workers as processes.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/platforms/cpu.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
#                                -----
models:
  chat: {model: Qwen/Qwen3-0.6B, context_length: 4096, args: {enable_dbo: true}}
#                                                                         ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
models:
  chat: {model: Qwen/Qwen3-0.6B, context_length: 4096, args: {async_scheduling: false}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_DROPPED: dict[tuple[str, ...], tuple[tuple[int, ...], str]] = {
    ("async_scheduling",): ((0, 14), "it schedules in step"),
    ("enable_dbo",): ((0, 11), "it cuts no batches in two"),
    ("cudagraph_capture_sizes",): ((0, 11), "it captures no CUDA graphs"),
    ("max_cudagraph_capture_size",): ((0, 11), "it captures no CUDA graphs"),
    ("compilation_config", "cudagraph_capture_sizes"): ((0, 11), "it captures no CUDA graphs"),
    ("attention_backend",): ((0, 13), "it has attention kernels of its own"),
    ("attention_config", "backend"): ((0, 13), "it has attention kernels of its own"),
    ("profiler_config", "torch_profiler_dump_cuda_time_total"): ((0, 18), "it has no CUDA to time"),
}
"""Setting → since which release CPUs drop it, and what vLLM does there."""
_OWN = ("CPU_ATTN", "CPU_MLA", "AMX_MLA", "auto")


@rule(
    "warning",
    on="launches",
    reads=Reads(tuple(sorted({name for name, *_ in _DROPPED})), since="0.11.1", refused="never", rows=(94,)),
)
def check(launched: Launched) -> Iterator[Finding]:
    """Look for such settings on a pool without accelerators; those that ask for what CPUs do anyway lose nothing."""
    pool = launched.group.pool
    if pool.accelerator is not None:
        return
    for (name, *fields), (since, instead) in _DROPPED.items():
        value = launched.value(name, *fields)
        if value in (None, False, *_OWN) or numbers(launched.launch.version) < since:
            continue
        yield Finding(
            f"`{'.'.join((name, *fields))}` has no effect on CPUs: {instead}",
            launched.at(name, *fields),
            hint="remove it",
            because=(Because("a CPU pool", pool.at),),
        )
