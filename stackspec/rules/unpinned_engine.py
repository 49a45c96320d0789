"""An engine whose version the spec does not say.

## Why
Flags, defaults and metrics change with nearly every release of an engine. Without a version the newest that this compiler knows is
taken, so another compiler may write other files for the same spec.
https://github.com/vllm-project/vllm/releases

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
#        ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Set
from stackspec.ir.path import Path
from stackspec.ir.stack import Engine, Model, Stack
from stackspec.rules import rule
from stackspec.rules._asked import each


@rule("info")
def check(stack: Stack) -> Iterator[Finding]:
    """Report each used engine once, where it is declared, else at the first model that it serves."""
    first: dict[str, tuple[Engine, Path]] = {}
    for at, engines in each(stack, "models", _engines):
        for engine in engines:
            if not engine.pinned and engine.version:
                first.setdefault(engine.name, (engine, at))
    for name in sorted(first):
        engine, at = first[name]
        edit = (
            Set((*engine.at, "version"), engine.version)
            if engine.at
            else Set(("engines", name), f"{{version: {engine.version}}}")
        )
        yield Finding(
            f"the engine `{name}` is not pinned: {engine.version} is taken, the newest that this compiler knows",
            engine.at or at,
            hint=f"write `engines: {{{name}: {{version: {engine.version}}}}}`",
            fix=Fix((edit,), safe=True),
            severity="error" if stack.pinning_required else None,
            on="key",
        )


def _engines(model: Model) -> tuple[Path, tuple[Engine, ...]]:
    return model.at, tuple(group.engine for group in model.groups)
