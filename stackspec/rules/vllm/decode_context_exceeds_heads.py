"""A decode context split that the key/value heads leave no room for.

## Why
Decode context parallelism spreads one sequence's KV cache over ranks that would otherwise hold copies of the same heads. With
grouped-query attention there are tensor ÷ key/value heads copies: the split can be no larger, and must divide the query heads that
share a key/value head. vLLM refuses to start otherwise. Latent attention (MLA) has no such bound.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/model.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
#          ------------------
    parallelism: {tensor: 4}
    args: {decode_context_parallel_size: 2}
#                                        ^
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
#          ------------------
    parallelism: {tensor: 8}
    args: {decode_context_parallel_size: 4}
#                                        ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    parallelism: {tensor: 8}
    args: {decode_context_parallel_size: 2}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("decode_context_parallel_size",), since="0.11.1", rows=(10,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the split with the copies that a tensor split makes of each key/value head."""
    facts, size = launched.model.facts, launched.number("decode_context_parallel_size")
    if facts is None or not facts.heads or not facts.kv_heads or "kv_lora_rank" in facts.details or size is None or size <= 1:
        return
    tensor, prefill = int(launched.number("tensor_parallel_size") or 1), launched.number("prefill_context_parallel_size") or 1
    if tensor % size and size not in (prefill, tensor * prefill):
        return  # no legal size for any model, which other rules say
    copies, shared = tensor // facts.kv_heads, facts.heads // facts.kv_heads
    if tensor > facts.kv_heads and size <= copies and shared % size == 0:
        return
    good = [step for step in range(2, copies + 1) if shared % step == 0 and tensor % step == 0]
    fits = (
        f"use {', '.join(map(str, good))}"
        if good
        else f"split tensors over {2 * facts.kv_heads} ranks or more, or leave it out"
    )
    yield Finding(
        f"{facts.kv_heads} key/value heads over {tensor} tensor ranks leave {max(copies, 1)} of each, not {size:g}"
        if size > copies or tensor <= facts.kv_heads
        else f"{shared} query heads share a key/value head, which {size:g} ranks cannot split",
        launched.at("decode_context_parallel_size"),
        hint=fits,
        because=(Because(f"{facts.heads} attention heads, {facts.kv_heads} of key and value", (*launched.model.at, "model")),),
    )
