"""A threshold for long prompts above the context.

## Why
Prompts above `long_prefill_token_threshold` count as long. No prompt is longer than the context, and vLLM refuses to start with a
threshold above it. Releases before 0.27.0 looked at it only together with flags that are gone.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/scheduler.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {long_prefill_token_threshold: 9000}}
#                                              ----                                       ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {long_prefill_token_threshold: 8192}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("long_prefill_token_threshold",), since="0.27.0", rows=(15,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the threshold with the context where that is given."""
    threshold, context = launched.number("long_prefill_token_threshold"), launched.number("max_model_len")
    if threshold is not None and context is not None and threshold > context > 0:
        yield Finding(
            f"prompts above {threshold:g} tokens count as long, and none is above {context:g}",
            launched.at("long_prefill_token_threshold"),
            hint=f"use at most {context:g}, or leave it out",
            because=(Because(f"a context of {context:g} tokens", launched.at("max_model_len")),),
        )
