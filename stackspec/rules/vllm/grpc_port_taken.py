"""gRPC and HTTP at one port.

## Why
The Rust front end serves gRPC at `grpc_port` beside HTTP at the model's own port, and vLLM refuses the same number for both.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/common/cli_args.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    args: {grpc_port: 8000}
#                     ^^^^
    env: {VLLM_USE_RUST_FRONTEND: "1"}
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


@rule("error", on="launches", reads=Reads(("grpc_port",), since="0.32", refused="parser", rows=(77,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the two ports, where HTTP has one and the front end that serves both runs."""
    port = launched.number("grpc_port")
    served = launched.variable("VLLM_USE_RUST_FRONTEND") == "1" and not launched.on("grpc") and "uds" not in launched.flags
    if port is not None and served and port == launched.launch.port:
        yield Finding(f"gRPC at port {port:g}, which HTTP has", launched.at("grpc_port"), hint="take another port for gRPC")
