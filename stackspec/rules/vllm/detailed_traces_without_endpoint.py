"""Traces in detail that are sent nowhere.

## Why
`collect_detailed_traces` adds spans to the traces that `otlp_traces_endpoint` receives, and vLLM refuses it without one.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/observability.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {collect_detailed_traces: [model]}}
#                                                           ^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {collect_detailed_traces: []}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("collect_detailed_traces",), since="0.11.1", rows=(84,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for where traces are sent."""
    if launched.value("collect_detailed_traces") and "otlp_traces_endpoint" not in launched.flags:
        yield Finding(
            "`collect_detailed_traces` adds to traces that are sent nowhere",
            launched.at("collect_detailed_traces"),
            hint="add `otlp_traces_endpoint`",
        )
