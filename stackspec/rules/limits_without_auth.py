"""Limits that count per client address.

## Why
Rate limits are per consumer, and a consumer is known by its key or token. Without authentication all that tells clients
apart is the address they come from: everybody behind one proxy shares one allowance, and whoever changes the address
has a new one.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  limits: {requests: {minute: 60}}
# ^^^^^^
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
  limits: {requests: {minute: 60}}
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


@rule("info")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for limits of a gateway that cannot tell its callers apart."""
    front = stack.gateway
    if front is not None and front.auth.kind == "none" and (front.limits.requests or front.limits.tokens):
        yield Finding(
            "without `auth` these limits count per client address",
            ("gateway", "limits"),
            on="key",
            hint="add `auth: {kind: api_key, secret: …}` to count per consumer",
        )
