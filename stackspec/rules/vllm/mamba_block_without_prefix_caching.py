"""A size for blocks of Mamba states without the cache that has such blocks.

## Why
`mamba_block_size` says how often a state is kept for prefix caching. With prefix caching off vLLM refuses any size but the context
itself.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    features: {prefix_caching: false}
#                              -----
    args: {mamba_block_size: 1024}
#                            ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {mamba_block_size: 1024}, features: {prefix_caching: true}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("mamba_block_size",), since="0.11.1", rows=(49,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report a size where prefix caching is off on purpose; what it is by default depends on the model."""
    size, context = launched.number("mamba_block_size"), launched.number("max_model_len")
    off = launched.value("enable_prefix_caching") is False
    if size is not None and context is not None and size != context and off:
        yield Finding(
            f"states are kept each {size:g} tokens for prefix caching, and that is off",
            launched.at("mamba_block_size"),
            hint="switch prefix caching on, or remove the size",
            because=(Because("switched off here", launched.at("enable_prefix_caching")),),
        )
