"""An objective that the replicas cannot meet.

## Why
The time to the first token is at least the prompt's arithmetic, and the time between tokens at least one reading of the weights and of the
cache from memory. Where even the optimistic end of the estimate misses an objective under the stated traffic, no tuning of the engine
meets it: only a faster accelerator, a wider split, a smaller model or more replicas.
https://docs.vllm.ai/en/stable/benchmarking/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
#                                                   --
models:
  chat:
    model: Qwen/Qwen3-8B
    context_length: 8192
    traffic: {requests_per_second: 0.1, input_tokens: 2000, output_tokens: 200}
    slo: {ttft: {p95: 5s}, tpot: {p95: 20ms}}
#                                      ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    context_length: 8192
    traffic: {requests_per_second: 0.1, input_tokens: 2000, output_tokens: 200}
    slo: {ttft: {p95: 5s}, tpot: {p95: 60ms}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.fit import Interval
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._words import duration


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report objectives that the low end misses; a queue that grows for ever has findings of its own."""
    for group in model.groups:
        found = group.performance
        if found is None or (found.used is not None and found.used.low > 1):
            continue
        for answer in found.answers:
            if answer.outcome == "does-not-meet" and answer.expected is not None:
                yield Finding(
                    f"`{answer.metric}` at p{answer.percentile} is to be {duration(answer.seconds)}, and the replicas take "
                    f"{_ends(answer.expected)} (estimate)",
                    (*model.at, "slo", answer.metric, f"p{answer.percentile}"),
                    hint="take a faster accelerator or a wider tensor split, a quantized checkpoint, or more replicas",
                    because=(Because("what answers", (*group.pool.at, "accelerator")),),
                )


def _ends(value: Interval) -> str:
    if value.high == float("inf"):
        return f"at least {duration(value.low)}"
    return f"{duration(value.low)} to {duration(value.high)}"
