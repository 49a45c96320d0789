"""An image that is named by its tag alone.

## Why
A tag can be pushed again. Only a digest names the same bytes on every node and on every day; with it the tag stays as a comment for
people: `name:1.4.0@sha256:…`.
https://kubernetes.io/docs/concepts/containers/images/#image-names

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
apps: {ui: {image: "ghcr.io/open-webui/open-webui:v0.6.0", port: 8080}}
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
apps:
  ui:
    image: ghcr.io/open-webui/open-webui:v0.6.0@sha256:0f9ad1a6c6d4c6a8e0a2f2d2c1f9a4b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d
    port: 8080
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._pins import digest, images, moves, tag


@rule("info")
def check(stack: Stack) -> Iterator[Finding]:
    """Report images without a digest; `pinning: required` makes them errors."""
    for place, image in images(stack):
        if not digest(image) and not moves(image):
            message = f"the tag `{tag(image)}` can be pushed again"
            hint = f"add the digest: `{image}@sha256:…`"
            yield Finding(message, place, hint=hint, severity="error" if stack.pinning_required else None)
