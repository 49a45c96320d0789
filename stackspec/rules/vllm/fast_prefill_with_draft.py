"""A prefill that skips layers, under drafting that needs them all.

## Why
`kv_sharing_fast_prefill` leaves out layers for the tokens of a prompt, whose logits are then wrong. EAGLE and its kin draft from them,
so vLLM refuses the two together.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    args:
      kv_sharing_fast_prefill: true
#                              ^^^^
      speculative_config: {method: eagle3, model: AngelSlim/Qwen3-8B_eagle3, num_speculative_tokens: 3}
#                                  ------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    args:
      kv_sharing_fast_prefill: false
      speculative_config: {method: eagle3, model: AngelSlim/Qwen3-8B_eagle3, num_speculative_tokens: 3}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts

_METHODS = frozenset({"eagle", "eagle3", "mtp"})


@rule("error", on="launches", reads=Reads(("kv_sharing_fast_prefill",), since="0.10.1", rows=(59,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for a method beside the switch that drafts from the model's own states."""
    method = launched.word("speculative_config", "method")
    if launched.on("kv_sharing_fast_prefill") and method in _METHODS:
        place = launched.at("kv_sharing_fast_prefill")
        yield Finding(
            f"`{method}` drafts from the logits of all tokens, and fast prefill computes them for the last alone",
            place,
            hint="remove `kv_sharing_fast_prefill`, or the drafting",
            because=(Because("drafts from them", _drafts.at(launched, "method")),),
            fix=Fix((Delete(place),)),
        )
