"""An attention backend that has no kernel for the model's heads.

## Why
Kernels are written for some sizes of a head: FLASHINFER has 64, 128, 256 and 512, TRITON_ATTN 32 and more. vLLM stops while it loads
the model where the backend that was asked for by name lacks its size.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/v1/attention/backend.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: microsoft/phi-2, args: {attention_backend: FLASHINFER}}
#               ---------------                            ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: microsoft/phi-2, args: {attention_backend: FLASH_ATTN}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _attention


@rule("error", on="launches", reads=Reads(_attention.READS, since=_attention.SINCE, refused="layers", rows=(35, 37, 38)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the sizes that the backend has with that of the model's heads."""
    asked, facts = _attention.asked(launched), _attention.plain(launched.model.facts)
    size = facts.head_dim if facts else None
    if (
        asked is None
        or asked.takes is None
        or asked.takes.latent
        or size not in asked.backend.heads
        or size in asked.takes.heads
    ):
        return
    yield Finding(
        f"{asked.backend.name} has no kernel for heads of {size}",
        asked.at,
        hint=f"leave it out, and vLLM chooses one that fits; it has {', '.join(map(str, sorted(asked.takes.heads)))}",
        because=(Because(f"heads of {size}", (*launched.model.at, "model")),),
    )
