"""One value asked of a secret that holds several.

## Why
A Kubernetes Secret maps keys to values. Where one value is needed, for a variable or a token, the key must be named, in
the secret or at its use. Without a `key`, the keys of a secret are names: one per consumer of the gateway, or the two
files of a certificate.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}}}
#                                                     ^^^^^^^^
secrets: {hf-token: {kind: kubernetes, name: hf-token}}
#         --------
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}, env: {VLLM_API_KEY: {secret: keys, key: vllm}}}}
secrets:
  hf-token: {kind: kubernetes, name: hf-token, key: token}
  keys: {kind: kubernetes, name: keys}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._secrets import uses


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for uses of one value of a Kubernetes Secret whose key nobody names."""
    if not any(secret.kind == "kubernetes" and secret.key is None for secret in stack.secrets.values()):
        return
    for use in dict.fromkeys(use for use in uses(stack) if use.key is None and use.secret.kind == "kubernetes"):
        yield Finding(
            f"`{use.secret.id}` is a Kubernetes Secret, and nothing says which of its keys is meant",
            use.at,
            hint=f"add `key: …` to the secret, or write `{{secret: {use.secret.id}, key: …}}` here",
            because=(Because("declared without a key", use.secret.at),),
        )
