"""Heads of a size for which there is no kernel on CPUs.

## Why
Until 0.14 the kernels for CPUs know heads of 32, 64, 96, 128, 160, 192, 224 and 256; later ones 80, 112 and 512 as well. A server with
another model starts, says that it is healthy, and ends at the first request.
https://github.com/vllm-project/vllm/blob/v0.13.0/vllm/v1/attention/backends/cpu_attn.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
#                                -----
engines: {vllm: {version: 0.13.0}}
models: {chat: {model: microsoft/phi-2}}
#                      ^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {small: {cpu: 8, memory: 32Gi}}}
engines: {vllm: {version: 0.14.1}}
models: {chat: {model: microsoft/phi-2}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_SIZES = frozenset({32, 64, 96, 128, 160, 192, 224, 256})


@rule(
    "error", on="launches", reads=Reads(("served_model_name",), since="0.11.1", until="0.14.0", refused="start", rows=(43,))
)  # fmt: skip
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the model's heads with the sizes that there are, where there is no accelerator."""
    facts, pool = launched.model.facts, launched.group.pool
    if facts is None or facts.head_dim is None or pool.accelerator is not None or facts.head_dim in _SIZES:
        return
    if "kv_lora_rank" not in facts.details:
        yield Finding(
            f"heads of {facts.head_dim}, for which vLLM {launched.launch.version} has no kernel on CPUs",
            (*launched.model.at, "model"),
            hint="use vLLM 0.14 or newer, or another model",
            because=(Because("a pool without accelerators", pool.at),),
        )
