"""A limit of a shared cache that is not used.

## Why
`mm_shm_cache_max_object_size_mb` limits what one image or video may take of the shared-memory cache. vLLM refuses another value than
128, the default, unless `mm_processor_cache_type` is shm.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/multimodal.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l40s}}}
models:
  chat: {model: Qwen/Qwen3-VL-8B-Instruct, context_length: 8192, args: {mm_shm_cache_max_object_size_mb: 64}}
#                                                                                                        ^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l40s}}}
models:
  chat:
    model: Qwen/Qwen3-VL-8B-Instruct
    context_length: 8192
    args: {mm_processor_cache_type: shm, mm_shm_cache_max_object_size_mb: 64}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._multimodal import multimodal

_NAME, _DEFAULT = "mm_shm_cache_max_object_size_mb", 128


@rule("error", on="launches", reads=Reads((_NAME,), since="0.11.1", rows=(89,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the cache that a limit is for, where the model has one at all."""
    limit = launched.number(_NAME)
    if limit is None or limit == _DEFAULT or launched.word("mm_processor_cache_type") == "shm" or not multimodal(launched):
        return
    yield Finding(
        f"one object may take {limit:g} MiB of the shared cache, which is not used",
        launched.at(_NAME),
        hint="add `mm_processor_cache_type: shm`, or remove it",
    )
