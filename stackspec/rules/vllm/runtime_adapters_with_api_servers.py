"""Adapters that come and go, and several API servers.

## Why
`VLLM_ALLOW_RUNTIME_LORA_UPDATING` loads adapters through the one API server that was asked, and the others never hear of them. vLLM
refuses it with more than one: `api_server_count`, which since 0.15 is `data_parallel_size` where nothing else is said.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/cli/serve.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    args: {api_server_count: 2}
#                            -
    env: {VLLM_ALLOW_RUNTIME_LORA_UPDATING: "True"}
#                                           ^^^^^^
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
    args: {api_server_count: 1}
    env: {VLLM_ALLOW_RUNTIME_LORA_UPDATING: "True"}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_NAME = "VLLM_ALLOW_RUNTIME_LORA_UPDATING"
_ELSEWHERE = ("data_parallel_external_lb", "data_parallel_hybrid_lb", "data_parallel_rank", "data_parallel_start_rank", "headless",
              "data_parallel_multi_port_external_lb")  # fmt: skip


@rule("error", on="launches", reads=Reads((_NAME,), since="0.10", refused="start", rows=(72,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Count the API servers where adapters may be loaded at run time."""
    if (launched.variable(_NAME) or "").strip().lower() not in ("1", "true"):
        return
    flag = _counts(launched)
    servers = None if flag is None else launched.number(flag)
    if flag is not None and servers is not None and servers > 1:
        yield Finding(
            f"adapters are loaded at run time, and {servers:g} API servers would each know their own",
            launched.variable_at(_NAME),
            hint="add `api_server_count: 1`, or remove the variable",
            because=(Because(f"{servers:g} API servers", launched.at(flag)),),
        )


def _counts(launched: Launched) -> str | None:
    """Return the flag that says how many API servers there are; None where that depends on more."""
    if "api_server_count" in launched.flags:
        return "api_server_count"
    own = launched.flags.keys().isdisjoint(_ELSEWHERE) and "VLLM_USE_RUST_FRONTEND" not in launched.launch.env
    since = numbers(launched.launch.version) >= (0, 15)
    return "data_parallel_size" if own and since and "data_parallel_size" in launched.flags else None
