"""A model whose name says nothing.

## Why
Names are what people read in routes, dashboards and bills.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {m: {model: Qwen/Qwen3-4B}}
#        ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Look at the length of the name."""
    if len(model.name) < 3:
        yield Finding(f"`{model.name}` is too short to say what it is", model.at, hint="call it by its role", on="key")
