"""Experts moved beside the computation by a library that does one thing at a time.

## Why
With `use_async`, the default, experts move while the model computes. NCCL cannot run on both streams at once, and vLLM refuses the
communicators `torch_nccl` and `pynccl` then.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, context_length: 8192, args: {eplb_config: {communicator: torch_nccl}}}
#                                                                                            ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, context_length: 8192, args: {eplb_config: {communicator: torch_nccl, use_async: false}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule

_NCCL = ("torch_nccl", "pynccl")


@rule("error", on="launches", reads=Reads(("eplb_config",), since="0.24", refused="parser", rows=(63,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report a communicator over NCCL unless experts move while nothing else runs."""
    used = launched.word("eplb_config", "communicator")
    if used in _NCCL and launched.value("eplb_config", "use_async") is not False:
        yield Finding(
            f"experts move while the model computes, and {used} cannot do both at once",
            launched.at("eplb_config", "communicator"),
            hint="leave it out, take nixl or torch_gloo, or add `use_async: false`",
        )
