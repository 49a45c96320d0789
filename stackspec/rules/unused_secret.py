"""A secret that nothing uses.

## Why
A declared secret is one more thing to create, rotate and grant access to. One that nothing uses is left over from
something that was removed, or shows that the use was forgotten. An environment that switches off what needs a secret
drops the secret too: `hf-token: null`.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
secrets: {hf-token: {kind: env, name: HF_TOKEN}}
#         ^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}}}
secrets: {hf-token: {kind: env, name: HF_TOKEN}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Json, Stack
from stackspec.rules import rule


@rule("warning")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for secrets that no reference, no chart value and no image pull names."""
    unused = stack.secrets.keys() - stack.used.get("secret", frozenset())
    if not unused:
        return
    inside = {name for chart in stack.charts.values() for name in _named(chart.values)} | set(stack.image_pull_secrets)
    for name in sorted(unused):
        secret = stack.secrets[name]
        if name not in inside and secret.name not in inside:
            yield Finding(
                f"nothing uses the secret `{name}`",
                secret.at,
                on="key",
                hint="use it as `{secret: " + name + "}`, or remove it",
            )


def _named(value: Json | Mapping[str, Json]) -> Iterator[str]:
    """Yield every name in `{secret: name}` below a value."""
    if isinstance(value, Mapping):
        name = value.get("secret")
        if isinstance(name, str):
            yield name
        for below in value.values():
            yield from _named(below)
    elif isinstance(value, list):
        for below in value:
            yield from _named(below)
