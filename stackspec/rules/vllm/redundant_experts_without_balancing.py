"""Copies of experts that nothing balances.

## Why
Redundant experts are copies that expert balancing fills with the busiest ones. vLLM refuses them without `enable_eplb`.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, context_length: 8192, args: {eplb_config: {num_redundant_experts: 2}}}
#                                                                                                     ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat: {model: Qwen/Qwen3-30B-A3B, context_length: 8192, args: {eplb_config: {num_redundant_experts: 0}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule

_FORMS = (("eplb_config", "num_redundant_experts"), ("num_redundant_experts",))


@rule("error", on="launches", reads=Reads(("eplb_config", "num_redundant_experts"), since="0.9.2", rows=(63,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the balancing where copies are asked for, in today's form and in the one before 0.12."""
    if launched.on("enable_eplb"):
        return
    for name, *fields in _FORMS:
        copies = launched.number(name, *fields)
        if copies:
            yield Finding(
                f"{copies:g} redundant experts, and no balancing that fills them",
                launched.at(name, *fields),
                hint="add `enable_eplb: true`, or remove them",
            )
