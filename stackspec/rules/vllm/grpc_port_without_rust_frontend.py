"""A gRPC port of a server that has none.

## Why
Only the Rust front end serves gRPC beside HTTP, and vLLM refuses `grpc_port` unless `VLLM_USE_RUST_FRONTEND` is 1.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/common/cli_args.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {grpc_port: 9000}}
#                                                                      ^^^^
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
    args: {grpc_port: 9000}
    env: {VLLM_USE_RUST_FRONTEND: "1"}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule

_NAME = "VLLM_USE_RUST_FRONTEND"


@rule("error", on="launches", reads=Reads(("grpc_port",), since="0.32", refused="parser", rows=(77,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the front end that a gRPC port is for; what a secret says is not known."""
    off = _NAME not in launched.launch.env or launched.variable(_NAME) == "0"
    if "grpc_port" in launched.flags and off and not launched.on("grpc"):
        yield Finding(
            "`grpc_port` is the Rust front end's, which does not run",
            launched.at("grpc_port"),
            hint=f'add `env: {{{_NAME}: "1"}}`, or remove it',
        )
