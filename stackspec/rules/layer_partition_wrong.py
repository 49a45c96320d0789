"""A pipeline partition that does not match the model.

## Why
`VLLM_PP_LAYER_PARTITION` names the layers of each pipeline stage. vLLM refuses to start where it has another number of entries than
there are stages, or where they do not sum up to the layers of the model.
https://docs.vllm.ai/en/stable/configuration/env_vars/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B, parallelism: {pipeline: 2}, env: {VLLM_PP_LAYER_PARTITION: "20,20"}}}
#                      -------------                                                             ^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B, parallelism: {pipeline: 2}, env: {VLLM_PP_LAYER_PARTITION: "19,17"}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_NAME = "VLLM_PP_LAYER_PARTITION"


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the partition with the stages and the layers."""
    for group, at in apart(model, lambda group: (group.parallelism.pipeline, group.env.get(_NAME))):
        text, stages = group.env.get(_NAME), group.parallelism.pipeline
        if not isinstance(text, str) or stages < 2:
            continue
        parts = text.split(",")
        if not all(part.strip().isdigit() for part in parts):
            yield Finding(
                f"`{text}` is no list of layer counts", (*at, "env", _NAME), hint="write one number for each stage: `20,16`"
            )
        elif len(parts) != stages:
            because = Because(f"{stages} stages", (*at, "parallelism", "pipeline"))
            hint = f"write {stages} numbers, one for each stage"
            yield Finding(
                f"{len(parts)} parts for {stages} pipeline stages", (*at, "env", _NAME), hint=hint, because=(because,)
            )
        elif model.facts and model.facts.layers and sum(map(int, parts)) != model.facts.layers:
            because = Because(f"this model has {model.facts.layers} layers", (*model.at, "model"))
            total = f"{' + '.join(part.strip() for part in parts)} = {sum(map(int, parts))}"
            message = f"{total} layers, and the model has {model.facts.layers}"
            yield Finding(message, (*at, "env", _NAME), hint=f"make them sum up to {model.facts.layers}", because=(because,))
