"""A type of KV cache that no attention backend reads on the accelerator.

## Why
nvfp4 is read on GPUs of compute capability 10.x, and by newer releases on 8.x, 9.0 and 12.x. Where no backend of the release reads the
type that was asked for, vLLM stops while it loads the model.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/platforms/cuda.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: t4}}}
#                                                   --
models:
  chat: {model: Qwen/Qwen3-4B, dtype: float16, kv_cache_dtype: nvfp4, context_length: 8192}
#                                                              ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: t4}}}
models:
  chat: {model: Qwen/Qwen3-4B, dtype: float16, kv_cache_dtype: auto, context_length: 8192}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.backends import readers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _attention


@rule("error", on="launches", reads=Reads(("kv_cache_dtype",), since="0.21.0", refused="layers", rows=(40, 41)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for a backend that reads the type, for a model of ordinary attention that asks for none by name."""
    kind, gpu = launched.word("kv_cache_dtype"), launched.group.pool.accelerator
    if kind is None or gpu is None or gpu.compute_capability is None or _attention.asked(launched):
        return
    found = readers("vllm", launched.launch.version, kind)
    if _attention.plain(launched.model.facts) is None or found is None or found.get(gpu.compute_capability, True):
        return
    major, minor = gpu.compute_capability
    runs = ", ".join(f"{more}.{less}" for (more, less), names in found.items() if names)
    yield Finding(
        f"vLLM {launched.launch.version} reads no cache in {kind} on compute capability {major}.{minor}",
        launched.at("kv_cache_dtype"),
        hint=f"use another type, such as fp8; it is read on {runs}",
        because=(Because(f"compute capability {major}.{minor}", (*launched.group.pool.at, "accelerator")),),
    )
