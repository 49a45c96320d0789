"""A device beyond those that the process sees.

## Why
Where `CUDA_VISIBLE_DEVICES` is set, `device_ids` counts within it from 0, and vLLM refuses a number beyond its last.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    args: {device_ids: "2"}
#                      ^^^
    env: {CUDA_VISIBLE_DEVICES: "2,3"}
#                               -----
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
    context_length: 8192
    args: {device_ids: "0"}
    env: {CUDA_VISIBLE_DEVICES: "2,3"}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._devices import device_ids

_VISIBLE = "CUDA_VISIBLE_DEVICES"


@rule("error", on="launches", reads=Reads(("device_ids",), since="0.24", rows=(92,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare numbers with the devices that the process sees, where NVIDIA's are meant."""
    devices, visible = device_ids(launched), launched.variable(_VISIBLE)
    accelerator = launched.group.pool.accelerator
    if not visible or accelerator is None or accelerator.vendor != "nvidia" or len(set(devices)) < len(devices):
        return
    seen = len(visible.split(","))
    numbers = [device for device in devices if isinstance(device, int)]
    if len(numbers) == len(devices) and numbers and max(numbers) >= seen:
        yield Finding(
            f"device {max(numbers)} of {seen} visible ones, which count from 0",
            launched.at("device_ids"),
            hint=f"write 0 to {seen - 1}",
            because=(Because(f"{seen} visible", launched.variable_at(_VISIBLE)),),
        )
