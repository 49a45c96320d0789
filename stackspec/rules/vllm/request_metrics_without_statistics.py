"""Metrics of each request, without the statistics that they are made of.

## Why
`enable_per_request_metrics` reads the engine's statistics, and vLLM refuses it beside `disable_log_stats`, which keeps none.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/common/cli_args.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    args: {enable_per_request_metrics: true, disable_log_stats: true}
#                                      ^^^^                     ----
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {enable_per_request_metrics: true}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("enable_per_request_metrics",), since="0.25", refused="parser", rows=(75,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for statistics that are off where each request is measured."""
    if launched.on("enable_per_request_metrics") and launched.on("disable_log_stats"):
        place = launched.at("disable_log_stats")
        yield Finding(
            "`enable_per_request_metrics` reads statistics that `disable_log_stats` switches off",
            launched.at("enable_per_request_metrics"),
            hint="remove one of the two",
            because=(Because("no statistics", place),),
            fix=Fix((Delete(place),)),
        )
