"""A method for quantized checkpoints on one that is not.

## Why
AWQ, GPTQ and others are made ahead of time, with data to calibrate on: vLLM looks for their settings in the checkpoint and refuses to
start where there are none. `fp8` is made from plain weights while they are loaded.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/model_executor/model_loader/weight_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, quantization: awq}}
#                      -------------                ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B-AWQ, quantization: awq}
  plain: {model: Qwen/Qwen3-4B, quantization: fp8}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._quantization import family

_PLAIN = frozenset({"bfloat16", "float16", "float32"})
_AHEAD = frozenset({"awq", "compressed-tensors", "fbgemm_fp8", "gptq", "quark"})
"""Families whose settings come from the checkpoint alone."""


@rule("error", on="launches", reads=Reads(("quantization",), rows=(24,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report such a method on a checkpoint whose facts say which type its weights have, and no method."""
    method, facts = launched.word("quantization"), launched.model.facts
    if facts is None or facts.quantization is not None or facts.dtype not in _PLAIN or "quant_algo" in facts.details:
        return
    if method is not None and family(method.lower()) in _AHEAD:
        yield Finding(
            f"`{facts.name}` holds plain weights ({facts.dtype}), and {method} reads only what was quantized with it",
            launched.at("quantization"),
            hint="name a checkpoint that is quantized, or use `fp8`",
            because=(Because(f"weights of {facts.dtype}", (*launched.model.at, "model")),),
        )
