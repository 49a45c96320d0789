"""More tokens to draft than the draft's layers predict evenly.

## Why
A draft of several layers, each for one token ahead, is run as a whole again for more. `num_speculative_tokens` above the number of its
layers must be a multiple of it; vLLM refuses others.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat: {model: stepfun-ai/Step-3.7-Flash, args: {speculative_config: {method: mtp, num_speculative_tokens: 4}}, parallelism: {tensor: 8}}
#               -------------------------                                                                   ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models:
  chat: {model: stepfun-ai/Step-3.7-Flash, args: {speculative_config: {method: mtp, num_speculative_tokens: 3}}, parallelism: {tensor: 8}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts


@rule("error", on="launches", reads=Reads((_drafts.CONFIG,), since="0.11.1", rows=(56,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the tokens with the model's own layers for further tokens."""
    facts, tokens = launched.model.facts, launched.number(_drafts.CONFIG, "num_speculative_tokens")
    if (
        _drafts.method(launched) != "mtp"
        or launched.value(_drafts.CONFIG, "model") is not None
        or facts is None
        or tokens is None
    ):
        return
    layers = facts.details.get("num_nextn_predict_layers")
    if isinstance(layers, int) and tokens > layers > 1 and tokens % layers:
        yield Finding(
            f"{tokens:g} tokens to draft, with {layers} layers for one each",
            _drafts.at(launched, "num_speculative_tokens"),
            hint=f"use {layers} or less, or {2 * layers}",
            because=(Because(f"{layers} such layers", (*launched.model.at, "model")),),
        )
