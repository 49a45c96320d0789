"""An image whose tag moves.

## Why
`latest` is whatever was pushed last, and an image without a tag is `latest`. Two nodes that pull on different days run different
programs, and no rollback brings the old one back.
https://kubernetes.io/docs/concepts/containers/images/#image-names

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
apps: {ui: {image: "ghcr.io/open-webui/open-webui:latest", port: 8080}}
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
apps: {ui: {image: "ghcr.io/open-webui/open-webui:v0.6.0", port: 8080}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule
from stackspec.rules._pins import images, moves, tag


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Report moving and missing tags; `pinning: required` makes them errors."""
    for place, image in images(stack):
        if moves(image):
            found = tag(image)
            message = f"the tag `{found}` moves" if found else "an image without a tag is `latest`, which moves"
            hint = "name a version, or a digest"
            yield Finding(message, place, hint=hint, severity="error" if stack.pinning_required else None)
