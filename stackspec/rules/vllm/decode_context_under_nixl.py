"""A KV cache that is split over ranks, handed over by Nixl.

## Why
NIXL hands over a cache that each rank holds whole, or that all ranks hold a part of: `decode_context_parallel_size` must be 1 or the
whole tensor split, and split caches only come from models with multi-head latent attention. vLLM refuses anything else.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    parallelism: {tensor: 8}
    args:
      decode_context_parallel_size: 2
#                                   ^
      kv_transfer_config: {kv_connector: NixlConnector, kv_role: kv_both}
#                                        -------------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    parallelism: {tensor: 8}
    args:
      decode_context_parallel_size: 1
      kv_transfer_config: {kv_connector: NixlConnector, kv_role: kv_both}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _models

_SIZE = "decode_context_parallel_size"
_CONNECTOR = ("kv_transfer_config", "kv_connector")


@rule("error", on="launches", reads=Reads((_SIZE,), since="0.30.0", rows=(48,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the split with the ranks that hand over, and with the model's attention."""
    size = launched.number(_SIZE)
    if size is None or size <= 1 or launched.value(*_CONNECTOR) != "NixlConnector":
        return
    ranks = max(launched.number(name) or 1 for name in ("tensor_parallel_size", "prefill_context_parallel_size"))
    whole = launched.model.facts is not None and launched.model.facts.architecture in _models.TEXT
    if size == ranks and not whole:
        return
    yield Finding(
        "NIXL hands over no split cache of this model's attention"
        if whole
        else f"NIXL hands over caches split over 1 or {ranks:g} ranks, not over {size:g}",
        launched.at(_SIZE),
        hint="use 1" if whole else f"use 1 or {ranks:g}",
        because=(Because("handed over by NIXL", launched.at(*_CONNECTOR)),),
    )
