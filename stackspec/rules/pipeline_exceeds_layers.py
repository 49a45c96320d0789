"""More pipeline stages than the model has layers.

## Why
A pipeline gives each stage whole layers. With more stages than layers some accelerators hold nothing and only pass results on.
Stages need not be equal: 61 layers over 2 stages are 30 and 31.
https://docs.vllm.ai/en/stable/serving/parallelism_scaling/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, gpus_per_node: 8, nodes: 8, fabric: {kind: roce}}}}
models: {chat: {model: Qwen/Qwen3-4B, parallelism: {pipeline: 64}}}
#                      -------------                          ^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, gpus_per_node: 8, nodes: 8, fabric: {kind: roce}}}}
models: {chat: {model: Qwen/Qwen3-4B, parallelism: {pipeline: 5}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the stages of each group with the layers of the model."""
    layers = model.facts.layers if model.facts else None
    if not layers:
        return
    for group, at in apart(model, lambda group: group.parallelism.pipeline):
        stages = group.parallelism.pipeline
        if stages > layers:
            yield Finding(
                f"{layers} layers cannot fill {stages} pipeline stages",
                (*at, "parallelism", "pipeline"),
                hint=f"use at most {layers}",
                because=(Because(f"this model has {layers} layers", (*model.at, "model")),),
            )
