"""Consumers that nobody can recognise.

## Why
A consumer is known by its key or token. Where the gateway asks for neither, no request belongs to any consumer: their
limits never apply, and routes that they may not use are open to them.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  consumers: {mobile: {limits: {tokens: {minute: 50000}}}}
# ^^^^^^^^^
  routes: {chat: {backends: [{model: chat}]}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  auth: {kind: api_key, secret: keys}
  consumers: {mobile: {limits: {tokens: {minute: 50000}}}}
  routes: {chat: {backends: [{model: chat}]}}
secrets: {keys: {kind: env, name: GATEWAY_KEYS}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for consumers of a gateway that lets everybody in."""
    front = stack.gateway
    if front is not None and front.consumers and front.auth.kind == "none":
        named = ", ".join(f"`{name}`" for name in front.consumers)
        yield Finding(
            f"nothing tells consumers apart, so what is said about {named} never applies",
            ("gateway", "consumers"),
            on="key",
            hint="add `auth: {kind: api_key, secret: …}`, or remove the consumers",
        )
