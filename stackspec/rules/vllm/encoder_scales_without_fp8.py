"""Scales for an encoder that does not compute in fp8.

## Why
`mm_encoder_fp8_scale_path` and `mm_encoder_fp8_scale_save_path` hold scales of fp8 attention in the vision encoder. vLLM refuses them
unless `mm_encoder_attn_dtype` is fp8.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/multimodal.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l40s}}}
models:
  chat: {model: Qwen/Qwen3-VL-8B-Instruct, context_length: 8192, args: {mm_encoder_fp8_scale_save_path: /tmp/scales.json}}
#                                                                                                       ^^^^^^^^^^^^^^^^
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
    args: {mm_encoder_attn_dtype: fp8, mm_encoder_fp8_scale_save_path: /tmp/scales.json}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._multimodal import multimodal

_PATHS = ("mm_encoder_fp8_scale_path", "mm_encoder_fp8_scale_save_path")


@rule("error", on="launches", reads=Reads(_PATHS, since="0.21", rows=(89,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for fp8 where scales are given, where the model has an encoder."""
    if launched.word("mm_encoder_attn_dtype") == "fp8" or not multimodal(launched):
        return
    for name in _PATHS:
        if launched.word(name):
            yield Finding(
                f"`{name}` is about scales of fp8, and the encoder computes in its own type",
                launched.at(name),
                hint="add `mm_encoder_attn_dtype: fp8`, or remove it",
            )
