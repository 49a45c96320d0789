"""Authentication without what it needs.

## Why
`api_key` compares keys with a secret that holds them, `jwt` checks signatures with the issuer's public keys. Without
them a gateway either refuses everybody or, worse, lets everybody in.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
gateway:
  kind: envoy
  auth: {kind: jwt, issuer: "https://login.example.com"}
# ^^^^
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
  auth:
    kind: jwt
    issuer: https://login.example.com
    audience: demo
    jwks_url: https://login.example.com/.well-known/jwks.json
  routes: {chat: {backends: [{model: chat}]}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for keys without a secret, and tokens without public keys."""
    auth = stack.gateway.auth if stack.gateway else None
    if auth is None:
        return
    if auth.kind == "api_key" and auth.secret is None:
        hint = "add `secret: …`, an entry of `secrets` that holds one key per consumer"
        yield Finding("`api_key` needs the secret that holds the keys", ("gateway", "auth"), hint=hint, on="key")
    if auth.kind == "jwt" and auth.secret is None and auth.jwks_url is None:
        hint = "add `jwks_url: …`, where the issuer publishes its keys"
        yield Finding("`jwt` needs the keys that tokens are signed with", ("gateway", "auth"), hint=hint, on="key")
