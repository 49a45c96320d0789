"""An allocator that moves memory which a KV connector has registered.

## Why
With `expandable_segments:True` PyTorch may put another physical page behind an address, while connectors register the pages of the KV
cache once. Transfers would fail or carry wrong bytes, so vLLM refuses to start, unless the KV cache comes from its own allocator
(`enable_cumem_allocator`, which sleep mode switches on).
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args: {kv_transfer_config: {kv_connector: OffloadingConnector, kv_role: kv_both}}
#                                             -------------------
    env: {PYTORCH_CUDA_ALLOC_CONF: "expandable_segments:True"}
#                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^
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
    args: {kv_transfer_config: {kv_connector: OffloadingConnector, kv_role: kv_both}}
    env: {PYTORCH_CUDA_ALLOC_CONF: "max_split_size_mb:512"}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_NAME = "PYTORCH_CUDA_ALLOC_CONF"


@rule("error", on="launches", reads=Reads((_NAME,), since="0.21.0", rows=(47,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the setting beside a connector."""
    connector, asked = launched.value("kv_transfer_config", "kv_connector"), launched.variable(_NAME)
    exempt = launched.on("enable_sleep_mode") or launched.on("enable_cumem_allocator")
    if connector is not None and asked is not None and "expandable_segments:True" in asked and not exempt:
        yield Finding(
            f"expandable segments move memory that `{connector}` has registered",
            launched.variable_at(_NAME),
            hint="leave `expandable_segments:True` out, or give the KV cache an allocator of its own (`enable_cumem_allocator`)",
            because=(Because("registers the KV cache", launched.at("kv_transfer_config", "kv_connector")),),
        )
