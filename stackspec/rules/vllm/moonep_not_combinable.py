"""MoonEP with what it cannot do.

## Why
The all-to-all backend `moonep` serves plain bfloat16 weights, whose experts stay where they were placed in order. vLLM refuses to
start it with a quantization method, another type, expert load balancing or another placement.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    parallelism: {data: 2, expert: true}
    args: {all2all_backend: moonep, expert_placement_strategy: round_robin}
#                           ------                             ^^^^^^^^^^^
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    parallelism: {data: 2, expert: true}
    quantization: fp8
#                 ^^^
    args: {all2all_backend: moonep}
#                           ------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    parallelism: {data: 2, expert: true}
    args: {all2all_backend: moonep, expert_placement_strategy: linear}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.rules import Launched, Reads, rule

_NAME = "all2all_backend"


@rule("error", on="launches", reads=Reads((_NAME,), since="0.31.0", rows=(32,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report each thing that this backend cannot do."""
    if launched.word(_NAME) != "moonep":
        return
    for message, place, hint in _conflicts(launched):
        yield Finding(message, place, hint=hint, because=(Because("MoonEP", launched.at(_NAME)),))


def _conflicts(launched: Launched) -> Iterator[tuple[str, Path, str]]:
    facts, method, dtype = launched.model.facts, launched.word("quantization"), launched.word("dtype")
    placement = launched.word("expert_placement_strategy")
    own = facts.quantization if facts else None
    if method or own:
        place = launched.at("quantization") if method else (*launched.model.at, "model")
        yield f"MoonEP does not serve weights quantized with {method or own}", place, "use plain weights, or another backend"
    if dtype not in (None, "auto", "bfloat16"):
        yield f"MoonEP does not compute with {dtype}", launched.at("dtype"), "use `bfloat16`"
    if launched.on("enable_eplb"):
        yield "MoonEP does not balance the load of experts", launched.at("enable_eplb"), "remove it, or use another backend"
    if placement not in (None, "linear"):
        at = launched.at("expert_placement_strategy")
        yield f"MoonEP does not place experts `{placement}`", at, "use `linear`, or leave it out"
