"""An attention backend that cannot read a KV cache of the type asked for.

## Why
FLASH_ATTN reads a cache in fp8 on compute capability 9.0 and 10.x alone, the turboquant types have a backend of their own, nvfp4 needs
FLASHINFER. vLLM stops while it loads the model where the backend that was asked for by name cannot read the cache.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/v1/attention/backend.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
#                                                   --
models:
  chat: {model: Qwen/Qwen3-4B, kv_cache_dtype: fp8, args: {attention_backend: FLASH_ATTN}}
#                                              ---                            ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, kv_cache_dtype: fp8, args: {attention_backend: FLASHINFER}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _attention


@rule(
    "error", on="launches", reads=Reads(_attention.READS, since=_attention.SINCE, refused="layers", rows=(36, 37, 38, 39, 41))
)
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the types that the backend reads with the one that is asked for."""
    asked, kind = _attention.asked(launched), launched.word("kv_cache_dtype")
    if asked is None or asked.takes is None or kind not in asked.backend.caches or kind in asked.takes.caches:
        return
    yield Finding(
        f"{asked.backend.name} reads no cache in {kind} on compute capability {asked.capability}",
        asked.at,
        hint=f"leave it out, and vLLM chooses one that fits; it reads {', '.join(sorted(asked.takes.caches))}",
        because=(Because(f"a cache in {kind}", launched.at("kv_cache_dtype")), asked.because),
    )
