"""Batches cut in two beside what cannot be cut.

## Why
The second model runner cuts plain decoder passes only. With `VLLM_USE_V2_MODEL_RUNNER=1`, vLLM refuses `enable_dbo` beside adapters,
speculation, pipeline or context parallelism and piecewise CUDA graphs; before 0.30 it refuses `enable_dbo` altogether.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100, gpus_per_node: 8}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 8, expert: true}
    speculative: {method: ngram, tokens: 3}
#   -----------
    args: {enable_dbo: true, all2all_backend: deepep_low_latency}
#                      ^^^^
    env: {VLLM_USE_V2_MODEL_RUNNER: "1"}
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
    parallelism: {data: 8, expert: true}
    args: {enable_dbo: true, all2all_backend: deepep_low_latency}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_RUNNER = "VLLM_USE_V2_MODEL_RUNNER"


@rule("error", on="launches", reads=Reads(("enable_dbo", "ubatch_size"), since="0.22", rows=(62,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report what cannot be cut, where the second model runner is asked for and accelerators are there to run it."""
    if launched.group.pool.accelerator is None or launched.variable(_RUNNER) not in ("1", "true", "True"):
        return
    flag = "enable_dbo" if launched.on("enable_dbo") else "ubatch_size"
    if flag == "ubatch_size" and (launched.number(flag) or 0) < 2:
        return
    if numbers(launched.launch.version) < (0, 30):
        if flag == "enable_dbo":
            why = Because("the second model runner", launched.variable_at(_RUNNER))
            message = f"`{flag}` cuts batches in two, which the second model runner of vLLM {launched.launch.version} cannot do"
            yield Finding(message, launched.at(flag), hint=f"remove it, or `{_RUNNER}`", because=(why,))
        return
    for name, *fields in _beside(launched):
        yield Finding(
            f"`{flag}` cuts batches in two, which the second model runner cannot do beside `{'.'.join((name, *fields))}`",
            launched.at(flag),
            hint=f"remove one of the two, or `{_RUNNER}`",
            because=(Because("what cannot be cut", launched.at(name, *fields)),),
        )


def _beside(launched: Launched) -> Iterator[tuple[str, ...]]:
    """Yield the flags, and their fields, that stand beside the cutting."""
    if launched.on("enable_lora"):
        yield ("enable_lora",)
    if isinstance(launched.value("speculative_config"), dict):
        yield ("speculative_config",)
    for name in ("pipeline_parallel_size", "decode_context_parallel_size", "prefill_context_parallel_size"):
        if (launched.number(name) or 1) > 1:
            yield (name,)
    if launched.word("compilation_config", "cudagraph_mode") == "PIECEWISE":
        yield ("compilation_config", "cudagraph_mode")
