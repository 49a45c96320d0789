"""A time-out that cuts off answers which the route allows.

## Why
A route that allows long answers and ends requests early fails on exactly the answers that took the longest. The longest
allowed answer is `validation.max_output_tokens`, else the model's `sampling.max_tokens`, else its context length, times
the slowest time per token of the objectives, plus the time to the first token. Each hop that bounds a request must
allow it. Without a `tpot` objective nothing is said.
https://github.com/dstackai/dstack/issues/4269

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    traffic: {requests_per_second: 1}
    slo: {ttft: {p95: 2s}, tpot: {p95: 60ms}}
#                                      ----
gateway:
  kind: envoy
  load_balancer: {request_timeout: 240s}
#                                  ^^^^
  routes:
    chat:
      backends: [{model: chat}]
      timeouts: {request: 60s}
#                         ^^^
      validation: {max_output_tokens: 4096}
#                                     ----
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    traffic: {requests_per_second: 1}
    slo: {ttft: {p95: 2s}, tpot: {p95: 60ms}}
gateway:
  kind: envoy
  load_balancer: {request_timeout: 300s}
  routes:
    chat:
      backends: [{model: chat}]
      timeouts: {request: 300s}
      validation: {max_output_tokens: 4096}
targets: {compose: {}}
```
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Set
from stackspec.ir.path import Path
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._answers import Answer, answers
from stackspec.rules._words import duration


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare the request time-outs of routes and hops with the longest allowed answer."""
    found = answers(stack)
    for answer in found:
        limit = answer.route.timeouts.request
        if limit is not None and limit < answer.seconds:
            yield _finding(f"route `{answer.route.name}`", limit, (*answer.route.at, "timeouts", "request"), answer)
    worst = max(found, key=lambda answer: answer.seconds, default=None)
    for hop in stack.gateway.hops if stack.gateway and worst else ():
        if worst is not None and hop.request_timeout is not None and hop.request_timeout < worst.seconds:
            yield _finding(f"the {hop.name}", hop.request_timeout, (*hop.at, "request_timeout"), worst)


def _finding(who: str, limit: float, at: Path, answer: Answer) -> Finding:
    enough = f"{math.ceil(answer.seconds)}s"
    fewer = answer.tokens_in(limit)
    bound = f", or allow at most {fewer} tokens" if fewer else ""
    return Finding(
        f"{who} ends requests after {duration(limit)}, and the longest answer takes {answer.arithmetic}",
        at,
        hint=f"allow `{enough}`{bound}",
        because=answer.because,
        fix=Fix((Set(at, enough),), safe=False),
    )
