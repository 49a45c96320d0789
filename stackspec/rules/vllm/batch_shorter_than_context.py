"""A batch without chunked prefill that is shorter than the context.

## Why
Without chunked prefill a prompt is read in one step, so that `max_num_batched_tokens` is what the longest prompt may have. vLLM
refuses to start where that is less than the context.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/scheduler.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
#                   ----
    args: {enable_chunked_prefill: false, max_num_batched_tokens: 4096}
#                                                                 ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {enable_chunked_prefill: false, max_num_batched_tokens: 8192}}
  long: {model: Qwen/Qwen3-4B, context_length: 8192, args: {max_num_batched_tokens: 4096}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("enable_chunked_prefill",), since="0.11.1", rows=(13,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the batch with the context where prompts are not read in chunks and both are given."""
    tokens, context = launched.number("max_num_batched_tokens"), launched.number("max_model_len")
    if launched.value("enable_chunked_prefill") is not False or tokens is None or context is None:
        return
    if 0 < tokens < context:
        yield Finding(
            f"{tokens:g} tokens in a batch, and prompts of up to {context:g} that are read in one step",
            launched.at("max_num_batched_tokens"),
            hint=f"allow {context:g} tokens, shorten the context, or leave chunked prefill on",
            because=(Because(f"a context of {context:g} tokens", launched.at("max_model_len")),),
        )
