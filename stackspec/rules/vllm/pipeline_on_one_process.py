"""A pipeline on an executor of one process.

## Why
Pipeline stages are processes of their own, which the executors `mp`, `ray` and `external_launcher` start. vLLM refuses to start a
pipeline on `uni` (until 0.10 it fell back to its first engine).
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B, parallelism: {pipeline: 2}, args: {distributed_executor_backend: uni}}}
#                                                             -                                        ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B, parallelism: {pipeline: 2}, args: {distributed_executor_backend: mp}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.rules import Launched, Reads, rule

_NAME = "distributed_executor_backend"


@rule("error", on="launches", reads=Reads((_NAME,), since="0.11.1", rows=(8,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report more than one stage on the executor of one process."""
    stages = launched.number("pipeline_parallel_size")
    if stages is not None and stages > 1 and launched.word(_NAME) == "uni":
        place = launched.at(_NAME)
        yield Finding(
            f"one process cannot run {stages:g} pipeline stages",
            place,
            hint="use `mp`, or leave it out",
            because=(Because(f"{stages:g} stages", launched.at("pipeline_parallel_size")),),
            fix=Fix((Set(place, "mp"),), safe=True),
        )
