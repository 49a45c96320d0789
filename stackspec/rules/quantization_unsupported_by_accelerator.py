"""A quantization method that the accelerator is too old for.

## Why
Each method needs a least compute capability, which differs from release to release of the engine: vLLM 0.12.0 wants 8.0 for fp8,
0.33.0 is content with 7.5 and emulates it below 8.9. Below the least one it refuses to start. Where the spec names no method, the
one of the checkpoint counts.
https://docs.vllm.ai/en/stable/features/quantization/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: v100-sxm-32gb}}}
#                                                   -------------
models: {chat: {model: Qwen/Qwen3-8B, quantization: fp8, context_length: 8192}}
#                                                   ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-8B, quantization: fp8, context_length: 8192}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.engines.vllm.release import release, versions
from stackspec.ir.stack import Engine, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the accelerator of each group with what its quantization needs."""
    own = model.facts.quantization if model.facts else None
    for group, at in apart(model, lambda group: (group.quantization, group.pool, group.engine)):
        method, gpu = group.quantization or own, group.pool.accelerator
        if method is None or gpu is None or gpu.compute_capability is None:
            continue
        least = _least(group.engine, method.lower())
        if least is None or gpu.compute_capability >= least:
            continue
        yield Finding(
            f"{group.engine.kind} {group.engine.version} needs compute capability {_text(least)} for {method},"
            f" and {gpu.name} has {_text(gpu.compute_capability)}",
            (*at, "quantization") if group.quantization else (*model.at, "model"),
            hint="choose another method, another checkpoint, or a newer accelerator",
            because=(Because(f"compute capability {_text(gpu.compute_capability)}", (*group.pool.at, "accelerator")),),
        )


def _least(engine: Engine, method: str) -> tuple[int, int] | None:
    """Return the least capability, or None where nobody here knows."""
    if engine.kind != "vllm" or not numbers(engine.version):
        return None
    rows = [release(version).registries["quantization"].get(method, {}) for version in _around(engine.version)]
    known: list[list[int]] = [row["capability"] for row in rows if row.get("capability")]
    if not known or len(known) < len(rows):
        return None
    major, minor = min(known)
    return major, minor


def _around(version: str) -> tuple[str, ...]:
    """Return the release itself where the catalog has it, else those before and after it: the more lenient one counts."""
    older = [known for known in versions() if numbers(known) <= numbers(version)][-1:]
    newer = [known for known in versions() if numbers(known) >= numbers(version)][:1]
    return tuple(dict.fromkeys((*older, *newer)))


def _text(capability: tuple[int, int]) -> str:
    return f"{capability[0]}.{capability[1]}"
