"""An attention backend that is not made for the accelerator.

## Why
Each backend is compiled for some generations of GPUs: FLASH_ATTN and FLASHINFER from 8.0, FLASH_ATTN_MLA for 9.0 alone, CUTLASS_MLA for
10.x. vLLM chooses one that fits; one that was asked for by name and does not fit stops it while it loads the model.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/platforms/cuda.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: t4}}}
#                                                   --
models:
  chat: {model: Qwen/Qwen3-4B, dtype: float16, args: {attention_backend: FLASH_ATTN}, context_length: 8192}
#                                                                        ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: t4}}}
models:
  chat: {model: Qwen/Qwen3-4B, dtype: float16, args: {attention_backend: TRITON_ATTN}, context_length: 8192}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _attention


@rule("error", on="launches", reads=Reads(_attention.READS, since=_attention.SINCE, refused="layers", rows=(35, 37, 38, 39)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the backend that is asked for with the accelerator."""
    asked = _attention.asked(launched)
    if asked is None or asked.takes is not None:
        return
    runs = ", ".join(f"{major}.{minor}" for (major, minor), takes in asked.backend.takes.items() if takes)
    yield Finding(
        f"{asked.backend.name} does not run on {asked.gpu.name}, whose compute capability is {asked.capability}",
        asked.at,
        hint=f"leave it out, and vLLM chooses one that fits; it runs on {runs}" if runs else "leave it out",
        because=(asked.because,),
    )
