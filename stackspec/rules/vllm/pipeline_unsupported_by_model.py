"""A pipeline for a model that cannot be cut into stages.

## Why
The code of each architecture says whether its layers can be spread over pipeline stages; most encoders cannot. vLLM refuses to start
with more than one stage then.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/model.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {vectors: {model: BAAI/bge-m3, task: embed, parallelism: {pipeline: 2}}}
#                         -----------                                       ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 3}}}
models:
  vectors: {model: BAAI/bge-m3, task: embed}
  chat: {model: Qwen/Qwen3-4B, parallelism: {pipeline: 2}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.engines.vllm.release import release
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("pipeline_parallel_size",), rows=(8,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look the architecture up among those of the release; one whose code is not known there is left alone."""
    stages, facts = launched.number("pipeline_parallel_size"), launched.model.facts
    if stages is None or stages <= 1 or facts is None or facts.architecture is None:
        return
    known = release(launched.launch.version).registries["architectures"].get(facts.architecture, {}).get("flags")
    if known and "supports_pp" not in known:
        yield Finding(
            f"{facts.architecture} cannot be cut into {stages:g} pipeline stages",
            launched.at("pipeline_parallel_size"),
            hint="split tensors instead: `parallelism: {tensor: …}`, or run replicas",
            because=(Because(f"an architecture without stages ({facts.architecture})", (*launched.model.at, "model")),),
        )
