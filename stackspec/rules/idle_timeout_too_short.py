"""A hop that gives up on a silent connection before the next token.

## Why
Until its first token, and between two tokens, a streamed answer sends nothing. A hop whose idle time-out is shorter
than that closes the connection while the model is still working. In front of a proxy that buffers, the silence lasts
for the whole answer.
https://github.com/confidential-dot-ai/c8s/issues/140

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    traffic: {requests_per_second: 1}
    slo: {ttft: {p95: 20s}, tpot: {p95: 60ms}}
#                     ---
gateway:
  kind: envoy
  load_balancer: {idle_timeout: 10s}
#                               ^^^
  routes:
    chat:
      backends: [{model: chat}]
      timeouts: {request: 300s, idle: 15s}
#                                     ^^^
      validation: {max_output_tokens: 4096}
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
    slo: {ttft: {p95: 20s}, tpot: {p95: 60ms}}
gateway:
  kind: envoy
  load_balancer: {idle_timeout: 60s}
  routes:
    chat:
      backends: [{model: chat}]
      timeouts: {request: 300s, idle: 60s}
      validation: {max_output_tokens: 4096}
targets: {compose: {}}
```
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.path import Path
from stackspec.ir.stack import Gateway, Stack
from stackspec.rules import rule
from stackspec.rules._answers import Answer, answers
from stackspec.rules._words import duration


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare idle time-outs with the longest silence of an answer."""
    found = answers(stack)
    for answer in found:
        limit = answer.route.timeouts.idle
        if limit is not None and limit < answer.silence:
            yield _finding(f"route `{answer.route.name}`", limit, (*answer.route.at, "timeouts", "idle"), answer)
    if stack.gateway is not None and found:
        yield from _hops(stack.gateway, found)


def _hops(front: Gateway, answers: list[Answer]) -> Iterator[Finding]:
    last_buffering = max((index for index, hop in enumerate(front.hops) if hop.buffering), default=-1)
    for index, hop in enumerate(front.hops):
        if hop.idle_timeout is None:
            continue
        whole = index <= last_buffering
        worst = max(answers, key=lambda answer: answer.seconds if whole else answer.silence)
        at = (*hop.at, "idle_timeout")
        if whole and hop.idle_timeout < worst.seconds:
            yield _buffered(f"the {hop.name}", hop.idle_timeout, at, worst, front.hops[last_buffering].at)
        elif not whole and hop.idle_timeout < worst.silence:
            yield _finding(f"the {hop.name}", hop.idle_timeout, at, worst)


def _finding(who: str, limit: float, at: Path, answer: Answer) -> Finding:
    first = answer.first is not None and answer.first.seconds == answer.silence
    objective, metric = (answer.first, "ttft") if first and answer.first else (answer.each, "tpot")
    what = "the first token" if first else "the next token"
    enough = f"{math.ceil(answer.silence)}s"
    place = (*answer.model_at, "slo", metric, f"p{objective.percentile}")
    return Finding(
        f"{who} closes a connection that is silent for {duration(limit)}, and {what} may take {duration(answer.silence)}",
        at,
        hint=f"allow more than `{enough}`",
        because=(Because(f"{what} may take {duration(answer.silence)}", place),),
        fix=Fix((Set(at, f"{2 * math.ceil(answer.silence)}s"),), safe=False),
    )


def _buffered(who: str, limit: float, at: Path, answer: Answer, buffering: Path) -> Finding:
    return Finding(
        f"{who} closes a connection that is silent for {duration(limit)}, and behind it an answer is held back until it is "
        f"complete: {answer.arithmetic}",
        at,
        hint=f"turn buffering off, or allow more than `{math.ceil(answer.seconds)}s`",
        because=(Because("holds answers back", (*buffering, "buffering")), *answer.because),
    )
