"""A KV cache of several kinds of layers, handed over by a connector that knows one.

## Why
`--no-disable-hybrid-kv-cache-manager` asks for a cache that keeps layers of different kinds apart. Not every connector can hand such
a cache over, and beside one that cannot vLLM stops while it starts. Left out, vLLM decides for itself.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/distributed/kv_transfer/kv_connector/factory.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args:
      disable_hybrid_kv_cache_manager: false
#                                      ^^^^^
      kv_transfer_config: {kv_connector: LMCacheConnectorV1, kv_role: kv_both}
#                                        ------------------
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
    args:
      disable_hybrid_kv_cache_manager: true
      kv_transfer_config: {kv_connector: LMCacheConnectorV1, kv_role: kv_both}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.rules import Launched, Reads, rule

_FLAG = "disable_hybrid_kv_cache_manager"
_NEVER = "99"
_SINCE = {
    "DecodeBenchConnector": "0.21.0", "ExampleConnector": _NEVER, "ExampleHiddenStatesConnector": "0.22.0", "FlexKVConnectorV1": _NEVER,
    "HF3FSKVConnector": _NEVER, "LMCacheConnectorV1": _NEVER, "LMCacheMPConnector": _NEVER, "MoRIIOConnector": "0.30.0",
    "MooncakeConnector": "0.20.0", "NixlConnector": "0.18.0", "OffloadingConnector": "0.21.0", "P2pNcclConnector": _NEVER,
}  # fmt: skip
"""Connector → the first release in which its class is a `SupportsHMA`. Source: vllm/distributed/kv_transfer, read 2026-11."""


@rule("error", on="launches", reads=Reads((_FLAG,), since="0.13.0", refused="start", rows=(46,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for a connector that knows one kind of layers beside the wish."""
    connector = launched.value("kv_transfer_config", "kv_connector")
    foreign = launched.value("kv_transfer_config", "kv_connector_module_path")
    since = _SINCE.get(connector) if isinstance(connector, str) else None
    if launched.value(_FLAG) is False and since and numbers(launched.launch.version) < numbers(since) and not foreign:
        place = launched.at(_FLAG)
        yield Finding(
            f"`{connector}` hands over caches of one kind of layers",
            place,
            hint="remove the line, and vLLM decides for itself",
            because=(Because("knows one kind", launched.at("kv_transfer_config", "kv_connector")),),
            fix=Fix((Delete(place),), safe=True),
        )
