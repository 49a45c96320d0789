"""Devices by number and by name in one list.

## Why
`device_ids` holds numbers or UUIDs. vLLM refuses a list of both.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {device_ids: "0,GPU-8f1c"}}
#                                                                       ^^^^^^^^^^^^
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
    """Look for numbers and names; a repeated one is another fault."""
    devices = device_ids(launched)
    names = [device for device in devices if isinstance(device, str)]
    if names and len(names) < len(devices) and len(set(devices)) == len(devices):
        message = f"{len(devices) - len(names)} devices by number and {len(names)} by name"
        yield Finding(message, launched.at("device_ids"), hint="write all as numbers, or all as UUIDs")
