"""Answers are logged and questions are not.

## Why
`enable_log_outputs` logs what the model answers beside the request that `enable_log_requests` logs, and vLLM refuses it alone.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/common/cli_args.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {enable_log_outputs: true}}
#                                                                               ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {enable_log_outputs: true, enable_log_requests: true}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("enable_log_outputs",), since="0.11.1", refused="parser", rows=(75,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the log of requests where answers are logged."""
    if launched.on("enable_log_outputs") and not launched.on("enable_log_requests"):
        yield Finding(
            "`enable_log_outputs` logs answers, and requests are not logged",
            launched.at("enable_log_outputs"),
            hint="add `enable_log_requests: true`, or remove `enable_log_outputs`",
        )
