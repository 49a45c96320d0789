"""One device twice.

## Why
`device_ids` lists the GPUs that this process takes, each once: vLLM refuses a list with duplicates.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {device_ids: "0,0"}}
#                                                                       ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {device_ids: "0,1"}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._devices import device_ids


@rule("error", on="launches", reads=Reads(("device_ids",), since="0.24", rows=(92,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Count each device."""
    devices = device_ids(launched)
    twice = sorted({str(device) for device in devices if devices.count(device) > 1})
    if twice:
        yield Finding(f"{', '.join(twice)} given more than once", launched.at("device_ids"), hint="name each device once")
