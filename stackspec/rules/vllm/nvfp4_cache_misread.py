"""A KV cache in nvfp4 whose heads the kernels misread.

## Why
Below compute capability 10 the kernels misread nvfp4 where heads have 64 numbers, and know no attention sinks with it. vLLM stops
while it loads the model.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/v1/attention/backends/flashinfer.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
#                                                   --
models:
  chat: {model: Qwen/Qwen2.5-0.5B, context_length: 8192, kv_cache_dtype: nvfp4}
#               -----------------                                        ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen2.5-0.5B, context_length: 8192, kv_cache_dtype: fp8}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _attention


@rule("error", on="launches", reads=Reads(("kv_cache_dtype",), since="0.32.0", refused="layers", rows=(40,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the model's heads with what the kernels read on the accelerator."""
    facts, gpu = launched.model.facts, launched.group.pool.accelerator
    if gpu is None or gpu.compute_capability is None or gpu.compute_capability[0] not in (8, 9, 12) or facts is None:
        return
    sinks = facts.architecture == "GptOssForCausalLM"
    if launched.word("kv_cache_dtype") != "nvfp4" or not (sinks or (_attention.plain(facts) and facts.head_dim == 64)):
        return
    place, has = launched.at("kv_cache_dtype"), ".".join(map(str, gpu.compute_capability))
    yield Finding(
        f"nvfp4 beside attention sinks, which no kernel knows on compute capability {has}"
        if sinks
        else f"nvfp4 of heads of 64, which kernels misread on compute capability {has}",
        place,
        hint="use fp8",
        because=(
            Because("attention sinks" if sinks else "heads of 64", (*launched.model.at, "model")),
            Because(f"compute capability {has}", (*launched.group.pool.at, "accelerator")),
        ),
        fix=Fix((Set(place, "fp8"),)),
    )
