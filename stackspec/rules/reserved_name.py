"""A name that Windows keeps for a device.

## Why
Names become files and folders. Windows opens a device for `con`, `nul`, `aux`, `prn` and `com1` to `lpt9` with any
extension, so a checkout that holds such a file cannot even be cloned there.
https://learn.microsoft.com/windows/win32/fileio/naming-a-file

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {aux: {model: Qwen/Qwen3-4B}}
#        ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {auxiliary: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackspec.diagnostics import Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Stack
from stackspec.rules import rule

_DEVICES = frozenset({"con", "nul", "aux", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))})


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for device names among everything that is named."""
    if stack.name in _DEVICES:
        yield _finding(stack.name, ("name",))
    sections: dict[Path, Mapping[str, object]] = {
        ("models",): stack.models, ("graphs",): stack.graphs, ("retrieval",): stack.retrieval, ("tools",): stack.tools,
        ("agents",): stack.agents, ("teams",): stack.teams, ("apps",): stack.apps, ("secrets",): stack.secrets,
        ("gateway", "routes"): stack.gateway.routes if stack.gateway else {},
    }  # fmt: skip
    for place, entries in sections.items():
        for name in sorted(entries.keys() & _DEVICES):
            yield _finding(name, (*place, name))


def _finding(name: str, at: Path) -> Finding:
    return Finding(f"Windows keeps the name `{name}` for a device", at, hint=f"choose another, such as `{name}-1`", on="key")
