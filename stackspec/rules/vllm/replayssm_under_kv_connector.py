"""Mamba states that are replayed, beside a KV connector that would carry them.

## Why
`use_replayssm` keeps a buffer of inputs in place of each state, which no connector knows how to hand over. vLLM refuses to start.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16
    features: {prefix_caching: false}
    args:
      mamba_backend: flashinfer
      use_replayssm: true
#                    ^^^^
      kv_transfer_config: {kv_connector: OffloadingConnector, kv_role: kv_both}
#                                        -------------------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16
    features: {prefix_caching: false}
    args: {use_replayssm: true, mamba_backend: flashinfer}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_KDA = frozenset({"KimiLinearForCausalLM", "KimiK3ForConditionalGeneration"})
"""Architectures whose states are kept besides, while they speculate."""


@rule("error", on="launches", reads=Reads(("use_replayssm",), since="0.27.0", rows=(49,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for a connector beside the switch."""
    connector, facts = launched.value("kv_transfer_config", "kv_connector"), launched.model.facts
    kept = facts is None or facts.architecture is None or facts.architecture in _KDA
    if launched.on("use_replayssm") and connector is not None and not (kept and _speculates(launched)):
        yield Finding(
            f"`{connector}` cannot hand over states that are replayed",
            launched.at("use_replayssm"),
            hint="remove `use_replayssm`, or the connector",
            because=(Because("hands over the KV cache", launched.at("kv_transfer_config", "kv_connector")),),
        )


def _speculates(launched: Launched) -> bool:
    return not launched.flags.keys().isdisjoint(("speculative_config", "spec_method", "spec_model"))
