"""A KV cache in nvfp4 for a model with latent attention.

## Why
The plain nvfp4 layout is made for heads of keys and values, which models with multi-head latent attention (DeepSeek and its kin) do not
keep. vLLM refuses it for them.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: b200, gpus_per_node: 8}}}
models:
  chat: {model: deepseek-ai/DeepSeek-V3, kv_cache_dtype: nvfp4, parallelism: {tensor: 8}}
#               -----------------------                  ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: b200, gpus_per_node: 8}}}
models:
  chat: {model: deepseek-ai/DeepSeek-V3, kv_cache_dtype: fp8, parallelism: {tensor: 8}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _models


@rule("error", on="launches", reads=Reads(("kv_cache_dtype",), since="0.21.0", rows=(40,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the type of the cache with the model's attention."""
    asked = launched.word("kv_cache_dtype")
    if asked is None or not asked.startswith("nvfp4") or asked.endswith("_ds_mla") or not _models.latent(launched.model.facts):
        return
    place = launched.at("kv_cache_dtype")
    yield Finding(
        f"{asked} keeps heads of keys and values, and this model keeps latent vectors",
        place,
        hint="use fp8, or auto",
        because=(Because("multi-head latent attention", (*launched.model.at, "model")),),
        fix=Fix((Set(place, "fp8"),)),
    )
