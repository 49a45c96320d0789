"""Two gRPC servers.

## Why
`grpc` replaces the HTTP server by Python's gRPC server at `port`; `grpc_port` lets the Rust front end serve gRPC beside HTTP. vLLM
refuses both.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/entrypoints/common/cli_args.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {grpc: true, grpc_port: 9000}}
#                                                                 ----             ^^^^
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

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("grpc_port",), since="0.32", refused="parser", rows=(77,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the server that a port beside HTTP is not for."""
    if "grpc_port" in launched.flags and launched.on("grpc"):
        yield Finding(
            "`grpc_port` serves gRPC beside HTTP, and `grpc` in its place",
            launched.at("grpc_port"),
            hint="keep one of the two",
            because=(Because("gRPC in place of HTTP", launched.at("grpc")),),
        )
