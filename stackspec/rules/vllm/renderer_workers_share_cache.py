"""Several workers on a cache that one may use.

## Why
`renderer_num_workers` above 1 prepares requests in parallel, and the cache of prepared images and videos is not safe for that. vLLM
refuses both, since 0.27 for models that do not generate only.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/model.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l40s}}}
models:
  chat:
    model: Qwen/Qwen3-VL-8B-Instruct
    task: embed
    context_length: 8192
    args: {renderer_num_workers: 2}
#                                ^
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
    task: embed
    context_length: 8192
    args: {renderer_num_workers: 2, mm_processor_cache_gb: 0}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._multimodal import multimodal


@rule("error", on="launches", reads=Reads(("renderer_num_workers",), since="0.19", rows=(90,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the cache where several workers prepare requests."""
    workers, cache = launched.number("renderer_num_workers"), launched.number("mm_processor_cache_gb")
    shared = "mm_processor_cache_gb" not in launched.flags or (cache is not None and cache > 0)
    if workers is None or workers < 2 or not shared or not multimodal(launched):
        return
    if launched.model.task == "generate" and numbers(launched.launch.version) >= (0, 27):
        return
    yield Finding(
        f"{workers:g} workers prepare requests, and share a cache that one may use",
        launched.at("renderer_num_workers"),
        hint="add `mm_processor_cache_gb: 0`, or keep one worker",
    )
