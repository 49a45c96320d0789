"""Experts that the ranks cannot share evenly.

## Why
With `expert: true` the experts of a mixture-of-experts model are spread over tensor × data ranks. Fewer experts than ranks leave
ranks without any. A remainder is legal, but some ranks then hold one expert more and everybody waits for them; with expert load
balancing (`enable_eplb`) the engine refuses it.
https://docs.vllm.ai/en/stable/serving/expert_parallel_deployment/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h200-sxm-141gb, gpus_per_node: 6}}}
models: {chat: {model: Qwen/Qwen3-30B-A3B, parallelism: {data: 6, expert: true}}}
#                      ------------------                      ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h200-sxm-141gb, gpus_per_node: 8}}}
models: {chat: {model: Qwen/Qwen3-30B-A3B, parallelism: {data: 8, expert: true}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.stack import Group, Json, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the experts with the ranks of each group."""
    experts = model.facts.experts if model.facts else None
    if not experts:
        return
    for group, at in apart(model, lambda group: (group.parallelism, group.args)):
        ranks = group.parallelism.tensor * group.parallelism.data
        if group.parallelism.expert and (experts < ranks or (experts + _redundant(group)) % ranks):
            yield _uneven(model, group, at, experts, ranks)


def _uneven(model: Model, group: Group, at: Path, experts: int, ranks: int) -> Finding:
    balanced = bool(group.args.get("enable_eplb") or group.args.get("enable-eplb"))
    split = "data" if group.parallelism.data > 1 else "tensor"
    good = [size for size in range(1, experts + 1) if experts % size == 0 and size <= 2 * ranks]
    left = "and some ranks hold none" if experts < ranks else f"which leaves {experts % ranks} over"
    return Finding(
        f"{experts} experts over {ranks} ranks (tensor × data), {left}",
        (*at, "parallelism", split),
        hint=f"make tensor × data one of {', '.join(map(str, good))}",
        because=(Because(f"this model has {experts} experts", (*model.at, "model")),),
        severity="error" if balanced or experts < ranks else None,
    )


def _redundant(group: Group) -> int:
    """Return the copies of experts that load balancing adds, as far as `args` say so."""
    config: Json = group.args.get("eplb_config", group.args.get("eplb-config"))
    found = (
        config.get("num_redundant_experts", 0)
        if isinstance(config, dict)
        else group.args.get("eplb_config.num_redundant_experts", 0)
    )
    return found if isinstance(found, int) else 0
