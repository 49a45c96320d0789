"""Traffic beyond what the replicas can serve.

## Why
Prefill is bound by the arithmetic of an accelerator and decoding by its memory bandwidth: together they bound the requests a second of a
replica, whatever the queue. Where even the optimistic end of that estimate is below the traffic, the queue only grows. Estimates are
intervals, so this is a warning, and only the far end is compared.
https://arxiv.org/abs/2402.16363

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
#                                                   --
models:
  chat:
    model: Qwen/Qwen3-8B
    quantization: fp8
    context_length: 8192
    traffic: {requests_per_second: 40, input_tokens: 2000, output_tokens: 20}
#                                  ^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    quantization: fp8
    context_length: 8192
    traffic: {requests_per_second: 0.5, input_tokens: 1000, output_tokens: 20}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._traffic import seats


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the traffic with the high end of what all replicas serve; a cache that is too small has a finding of its own."""
    for group in model.groups:
        found, room = group.performance, seats(model, group)
        if found is None or found.saturated is None or found.used is None or model.traffic is None:
            continue
        if found.used.low <= 1 or (room is not None and room.needed > room.held):
            continue
        most, many = found.saturated.requests_per_second, group.replicas_max
        serve = "the replica serves" if many == 1 else f"{many} replicas serve"
        enough = -(-int(many * found.used.estimate * 1000) // 1000)
        yield Finding(
            f"{model.traffic.requests_per_second:g} requests a second, and {serve} {most.low:.1f} to {most.high:.1f} (estimate)",
            (*model.at, "traffic", "requests_per_second"),
            hint=f"about {max(many + 1, enough)} replicas are needed, or faster accelerators",
            because=(Because("what serves them", (*group.pool.at, "accelerator")),),
        )
