"""Blocks of the KV cache that the kernels for CPUs cannot read.

## Why
On CPUs attention reads the KV cache 32 tokens at a time. A `block_size` that is no multiple of it passes vLLM's configuration, and the
engine stops when it makes its cache. Left out, it is 128.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/v1/attention/backends/cpu_attn.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
#                                -----
models: {chat: {model: Qwen/Qwen3-0.6B, context_length: 4096, args: {block_size: 16}}}
#                                                                                ^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
models: {chat: {model: Qwen/Qwen3-0.6B, context_length: 4096, args: {max_num_seqs: 64}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.rules import Launched, Reads, rule

_STEP = 32


@rule("error", on="launches", reads=Reads(("block_size",), since="0.29.0", refused="start", rows=(42,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the block with what the kernels read at a time, where there is no accelerator."""
    size, pool = launched.number("block_size"), launched.group.pool
    if size is not None and size > 0 and size % _STEP and pool.accelerator is None:
        place = launched.at("block_size")
        yield Finding(
            f"blocks of {size:g} tokens, and the kernels for CPUs read {_STEP} at a time",
            place,
            hint=f"leave it out, or use a multiple of {_STEP}",
            because=(Because("a pool without accelerators", pool.at),),
            fix=Fix((Delete(place),), safe=True),
        )
