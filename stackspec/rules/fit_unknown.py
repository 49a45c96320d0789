"""A replica of which nobody can say whether it starts, because a fact is missing.

## Why
The memory of a rank follows from the model's configuration, the accelerator and the engine. Where one of them is not known, nothing is
guessed: the finding names the fact. `stackspec lock` fetches a model's configuration and the sizes of its tensors once, and checks
stay offline after that.
https://huggingface.co/docs/safetensors/metadata_parsing

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: process, pools: {here: {cpu: 8}}}
#                                ----
models: {chat: {model: Qwen/Qwen3-0.6B, context_length: 4096}}
#        ^^^^
targets: {launch: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: process, pools: {here: {cpu: 8, memory: 16Gi}}}
models: {chat: {model: Qwen/Qwen3-0.6B, context_length: 4096}}
targets: {launch: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Group, Model
from stackspec.rules import rule
from stackspec.rules._fit import fits

_MODEL = "model facts"


@rule("info", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Name the facts that are missing; a model that the catalog does not know at all is reported as such."""
    for group, _, fit in fits(model):
        if fit.verdict != "unknown" or _MODEL in fit.missing:
            continue
        names = " and ".join(f"`{name}`" for name in fit.missing)
        where = _place(group, fit.missing)
        hint = "`stackspec lock` fetches the model's configuration and the sizes of its tensors"
        yield Finding(
            f"nobody can tell whether `{model.name}` fits: {names} is not known",
            model.at,
            on="key",
            hint="say how much memory it has" if where else hint,
            because=(Because("what it runs on", where),) if where else (),
        )


def _place(group: Group, missing: tuple[str, ...]) -> Path | None:
    """Return the part of the pool that says too little."""
    if not any(name.startswith("cluster.") for name in missing):
        return None
    return (*group.pool.at, "accelerator") if group.pool.accelerator else group.pool.at
