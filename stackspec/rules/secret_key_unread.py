"""A key of a secret that is a file.

## Why
A secret of kind `file` is one file, and its whole content is the value. A key would have to be looked up inside of it, which
nothing does: the service would get the content of the file where one entry of it was meant.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: meta-llama/Llama-3.1-8B-Instruct, token: {secret: hub, key: token}, context_length: 8192}}
#                                                                                  ^^^^^
secrets: {hub: {kind: file, path: secrets/hub}}
#         ---
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: meta-llama/Llama-3.1-8B-Instruct, token: {secret: hub}, context_length: 8192}}
secrets: {hub: {kind: file, path: secrets/hub}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.ir.path import Path
from stackspec.ir.stack import Secret, Stack
from stackspec.rules import rule
from stackspec.rules._secrets import uses


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for keys of secrets that are files, where they are declared and where they are used."""
    if not any(secret.kind == "file" for secret in stack.secrets.values()):
        return
    for secret in stack.secrets.values():
        if secret.kind == "file" and secret.key is not None:
            yield _unread(secret, (*secret.at, "key"))
    for use in dict.fromkeys(uses(stack)):
        if use.secret.kind == "file" and use.secret.key is None and use.key is not None:
            yield _unread(use.secret, (*use.at[:-1], "key"))


def _unread(secret: Secret, at: Path) -> Finding:
    return Finding(
        f"`{secret.id}` is a file, whose whole content is the value, and no key of it is read",
        at,
        hint="remove the key, and keep one value in each file",
        because=() if at[: len(secret.at)] == secret.at else (Because("declared as a file", secret.at),),
        fix=Fix((Delete(at),), safe=False),
    )
