"""A secret that does not say where it is.

## Why
A secret of an external store is found by the store and the path in it, one in a file by the path of the file. Without
them there is nothing to read.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}}}
secrets: {hf-token: {kind: external, store: vault}}
#         ^^^^^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}}}
secrets: {hf-token: {kind: external, store: vault, path: ai/hub, key: token}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Secret
from stackspec.rules import rule

_NEEDS = {"external": ("store", "path"), "file": ("path",)}


@rule("error", on="secrets")
def check(secret: Secret) -> Iterator[Finding]:
    """Look for the words that a kind of secret cannot do without."""
    missing = [word for word in _NEEDS.get(secret.kind, ()) if getattr(secret, word) is None]
    if missing:
        words = " and ".join(f"`{word}`" for word in missing)
        yield Finding(
            f"a secret of kind {secret.kind} needs {words}",
            secret.at,
            on="key",
            hint="add " + ", ".join(f"`{word}: …`" for word in missing),
        )
