"""The experts of each token are asked for where they are not known.

## Why
`enable_return_routed_experts` tells with each answer which experts computed it. vLLM refuses it for pipelines, for context parallelism
(since 0.28) and beside connectors of KV caches; since 0.31 also for models without experts, without prefix caching and with the first
model runner, and before 0.28 with the second.
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
    parallelism: {pipeline: 2}
#                           -
    args: {enable_return_routed_experts: true}
#                                        ^^^^
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
    parallelism: {pipeline: 2}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import dense

_FLAG, _RUNNER = "enable_return_routed_experts", "VLLM_USE_V2_MODEL_RUNNER"
_TRANSFERS = ("NixlConnector", "NixlPullConnector", "NixlPushConnector", "MoRIIOConnector", "MooncakeConnector")
_Reason = tuple[str, Path]


@rule("error", on="launches", reads=Reads((_FLAG,), since="0.22", rows=(93,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report each thing beside which experts are not returned."""
    if not launched.on(_FLAG):
        return
    release = numbers(launched.launch.version)
    for why, place in (*_always(launched, release), *(_since_31(launched) if release >= (0, 31) else ())):
        yield Finding(
            f"`{_FLAG}` has nothing to return with {why}",
            launched.at(_FLAG),
            hint="remove it, or what stands in its way",
            because=(Because(why, place),),
        )


def _always(launched: Launched, release: tuple[int, ...]) -> Iterator[_Reason]:
    if (launched.number("pipeline_parallel_size") or 1) > 1:
        yield "a pipeline", launched.at("pipeline_parallel_size")
    for name in ("decode_context_parallel_size", "prefill_context_parallel_size"):
        if release >= (0, 28) and (launched.number(name) or 1) > 1:
            yield "context parallelism", launched.at(name)
    connector = launched.word("kv_transfer_config", "kv_connector")
    if release < (0, 28) and launched.variable(_RUNNER) == "1":
        yield "the second model runner", launched.variable_at(_RUNNER)
    if connector and (release < (0, 31) or connector in _TRANSFERS):
        yield f"the connector {connector}", launched.at("kv_transfer_config")


def _since_31(launched: Launched) -> Iterator[_Reason]:
    if launched.value("enable_prefix_caching") is False:
        yield "prefix caching off", launched.at("enable_prefix_caching")
    if dense(launched):
        yield "a model without experts", (*launched.model.at, "model")
    if launched.variable(_RUNNER) == "0":
        yield "the first model runner", launched.variable_at(_RUNNER)
