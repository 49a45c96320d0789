"""An attention backend that cannot work with the block size asked for.

## Why
Each backend reads the KV cache in blocks of sizes of its own: CUTLASS_MLA 128, FLASHMLA 64, most others any multiple of 16. vLLM
stops while it loads the model where `block_size` does not fit the backend that was asked for by name.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/v1/attention/backend.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: b200, gpus_per_node: 8}}}
#                                                   ----
models:
  chat: {model: deepseek-ai/DeepSeek-V3, parallelism: {tensor: 8}, args: {attention_backend: CUTLASS_MLA, block_size: 64}}
#                                                                                            ^^^^^^^^^^^              --
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: b200, gpus_per_node: 8}}}
models:
  chat: {model: deepseek-ai/DeepSeek-V3, parallelism: {tensor: 8}, args: {attention_backend: CUTLASS_MLA, block_size: 128}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _attention


@rule("error", on="launches", reads=Reads(("block_size",), since="0.18.0", refused="layers", rows=(37, 38, 39, 42)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the sizes that the backend works with with the one that is asked for."""
    asked, size = _attention.asked(launched), launched.number("block_size")
    if asked is None or asked.takes is None or size not in asked.backend.blocks or size in asked.takes.blocks:
        return
    fits = ", ".join(map(str, sorted(asked.takes.blocks)))
    yield Finding(
        f"{asked.backend.name} does not work with blocks of {size:g} tokens",
        asked.at,
        hint=f"leave `block_size` out, or use one of {fits}" if fits else "leave `block_size` out",
        because=(Because(f"blocks of {size:g}", launched.at("block_size")), asked.because),
    )
