"""A quantization method that is not the checkpoint's.

## Why
Quantized weights can be read by the method that made them, and by those that take its checkpoints over (`awq_marlin` takes `awq`).
vLLM refuses to start with any other; weights are not quantized a second time.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/model.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B-AWQ, quantization: fp8}}
#                      -----------------                ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B-AWQ, quantization: awq_marlin}
  plain: {model: Qwen/Qwen3-4B, quantization: fp8}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.engines.vllm.release import release
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._quantization import family


@rule("error", on="launches", reads=Reads(("quantization",), rows=(22,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare what is asked for with what the checkpoint is."""
    asked, facts = (launched.word("quantization") or "").lower(), launched.model.facts
    own = facts.quantization if facts else None
    known = release(launched.launch.version).registries["quantization"]
    if own not in known or asked not in known or own == asked:
        return
    if known[asked].get("overrides") and (family(asked) == family(own) or family(asked) == asked):
        return  # takes checkpoints of some others over: which ones depends on their details
    place = launched.at("quantization")
    yield Finding(
        f"weights quantized with {own} are not read as {asked}",
        place,
        hint=f"leave it out: the checkpoint says itself that it is {own}",
        because=(Because(f"quantized with {own}", (*launched.model.at, "model")),),
        fix=Fix((Delete(place),)),
    )
