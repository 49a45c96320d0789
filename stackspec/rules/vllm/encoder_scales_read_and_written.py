"""Scales that are read and measured in one run.

## Why
`mm_encoder_fp8_scale_path` gives the vision encoder fixed scales; `mm_encoder_fp8_scale_save_path` writes down those that it measures.
vLLM refuses both.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/multimodal.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l40s}}}
models:
  chat:
    model: Qwen/Qwen3-VL-8B-Instruct
    context_length: 8192
    args:
      mm_encoder_attn_dtype: fp8
      mm_encoder_fp8_scale_path: /models/scales.json
#                                -------------------
      mm_encoder_fp8_scale_save_path: /tmp/scales.json
#                                     ^^^^^^^^^^^^^^^^
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

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._multimodal import multimodal


@rule("error", on="launches", reads=Reads(("mm_encoder_fp8_scale_save_path",), since="0.21", rows=(89,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for fixed scales where scales are measured."""
    fixed, measured = launched.word("mm_encoder_fp8_scale_path"), launched.word("mm_encoder_fp8_scale_save_path")
    if fixed and measured and launched.word("mm_encoder_attn_dtype") == "fp8" and multimodal(launched):
        yield Finding(
            "the encoder's scales are read from a file and are to be measured",
            launched.at("mm_encoder_fp8_scale_save_path"),
            hint="keep one of the two",
            because=(Because("read from here", launched.at("mm_encoder_fp8_scale_path")),),
        )
