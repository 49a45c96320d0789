"""An attention backend that does not compute in the type asked for.

## Why
Most kernels compute in float16 and bfloat16; TRITON_ATTN and FLEX_ATTENTION in float32 as well. vLLM stops while it loads the model
where the backend that was asked for by name does not compute in `dtype`.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/v1/attention/backend.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
#                                                   --
models:
  chat: {model: Qwen/Qwen3-0.6B, dtype: float32, args: {attention_backend: FLASH_ATTN}}
#                                       -------                            ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-0.6B, dtype: float32, args: {attention_backend: TRITON_ATTN}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _attention

_NAMES = {"bfloat16": "bfloat16", "float": "float32", "float16": "float16", "float32": "float32", "half": "float16"}


@rule("error", on="launches", reads=Reads(_attention.READS, since=_attention.SINCE, refused="layers", rows=(35, 38)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the types that the backend computes in with the one that is asked for."""
    asked, kind = _attention.asked(launched), _NAMES.get(launched.word("dtype") or "")
    if asked is None or asked.takes is None or kind is None or kind in asked.takes.dtypes:
        return
    yield Finding(
        f"{asked.backend.name} does not compute in {kind}",
        asked.at,
        hint=f"leave it out, and vLLM chooses one that fits; it computes in {', '.join(sorted(asked.takes.dtypes))}",
        because=(Because(f"{kind} is asked for", launched.at("dtype")), asked.because),
    )
