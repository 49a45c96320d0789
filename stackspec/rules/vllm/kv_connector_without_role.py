"""A KV connector that does not say which side it is.

## Why
A connector hands KV blocks over (`kv_producer`), takes them (`kv_consumer`) or does both (`kv_both`), and `kv_role` says which. vLLM
refuses `kv_transfer_config` without it.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/kv_transfer.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, args: {kv_transfer_config: {kv_connector: OffloadingConnector}}}
#                                                                        ^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, args: {kv_transfer_config: {kv_connector: OffloadingConnector, kv_role: kv_both}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("kv_transfer_config",), refused="parser", rows=(44,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report a connector without a role."""
    connector = launched.value("kv_transfer_config", "kv_connector")
    if connector is not None and launched.value("kv_transfer_config", "kv_role") is None:
        yield Finding(
            f"`{connector}` is not told whether it hands over or takes",
            launched.at("kv_transfer_config", "kv_connector"),
            hint="add `kv_role`: kv_producer, kv_consumer or kv_both",
        )
