"""Experts that follow the number of ranks in a model split into stages.

## Why
`enable_elastic_ep` adds and removes data-parallel ranks while the server runs. vLLM cannot do that to a pipeline of stages and refuses it.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 2, pipeline: 2, expert: true}
#                                    -
    args: {enable_elastic_ep: true, enable_eplb: true}
#                             ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 2, tensor: 2, expert: true}
    args: {enable_elastic_ep: true, enable_eplb: true}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import size


@rule("error", on="launches", reads=Reads(("enable_elastic_ep",), since="0.17", rows=(64,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Count the stages where experts are elastic."""
    stages = size(launched, "pipeline_parallel_size")
    if launched.on("enable_elastic_ep") and stages is not None and stages > 1:
        yield Finding(
            f"`enable_elastic_ep` changes the number of ranks, which a pipeline of {stages} stages does not allow",
            launched.at("enable_elastic_ep"),
            hint="split by `tensor` instead, or remove `enable_elastic_ep`",
            because=(Because(f"{stages} stages", launched.at("pipeline_parallel_size")),),
        )
