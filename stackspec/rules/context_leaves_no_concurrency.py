"""Traffic that needs more requests at once than the cache holds.

## Why
Each request that is being answered keeps keys and values of its prompt and answer in the cache. What arrives each second, times the
seconds that one answer takes at the very least, is how many are answered at once: where the cache holds fewer, requests queue, are thrown
out of the cache and computed again, and the queue only grows.
https://docs.vllm.ai/en/stable/configuration/optimization/

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
    traffic: {requests_per_second: 2, input_tokens: 6000, output_tokens: 1000}
#                                  ^
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
    traffic: {requests_per_second: 2, input_tokens: 1000, output_tokens: 200}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._fit import fits
from stackspec.rules._traffic import seats


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the fewest requests at once with the most that the cache holds."""
    for group, _, fit in fits(model):
        found = seats(model, group)
        if found is None or found.needed <= found.held or model.traffic is None:
            continue
        rate, many = model.traffic.requests_per_second, group.replicas_max
        each = "the replica" if many == 1 else f"each of {many} replicas"
        yield Finding(
            f"{rate:g} requests a second keep at least {found.needed:.1f} at once in {each}, and its cache holds {found.held:.1f} "
            f"of {found.length:,} tokens (estimate)",
            (*model.at, "traffic", "requests_per_second"),
            hint=f"run {_replicas(many, found.needed, found.held)} replicas, or make room: `kv_cache_dtype: fp8`, a larger accelerator",
            because=(Because(f"room for {int(fit.kv_tokens.high):,} tokens at most", (*group.pool.at, "accelerator")),),
        )


def _replicas(now: int, needed: float, held: float) -> int:
    return max(now + 1, -(-int(now * needed * 1000) // max(1, int(held * 1000))))
