"""Experts that follow the number of ranks while something outside balances over them.

## Why
`enable_elastic_ep` needs one server that knows all ranks. vLLM refuses it beside `data_parallel_hybrid_lb`, and before 0.33 beside
`data_parallel_external_lb`.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100, gpus_per_node: 8, nodes: 2}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 16, expert: true}
    args: {enable_elastic_ep: true, enable_eplb: true, data_parallel_hybrid_lb: true}
#                             ^^^^                                              ----
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: h100, gpus_per_node: 8, nodes: 2}}}
models:
  chat:
    model: Qwen/Qwen3-30B-A3B
    context_length: 8192
    parallelism: {data: 16, expert: true}
    args: {enable_elastic_ep: true, enable_eplb: true}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._ranks import external, size


@rule("error", on="launches", reads=Reads(("enable_elastic_ep",), since="0.17", rows=(64,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for balancing from outside where experts are elastic."""
    if not launched.on("enable_elastic_ep"):
        return
    outside = _outside(launched)
    if outside is not None:
        yield Finding(
            f"`enable_elastic_ep` needs one server that knows all ranks, and `{outside}` gives each its own",
            launched.at("enable_elastic_ep"),
            hint=f"remove `{outside}`, or `enable_elastic_ep`",
            because=(Because("servers that know some ranks", launched.at(outside)),),
        )


def _outside(launched: Launched) -> str | None:
    """Return the flag that leaves balancing to something outside; a hybrid of one node, or of single ranks, is none."""
    local = launched.number("data_parallel_size_local")
    if launched.on("data_parallel_hybrid_lb") and external(launched) is None:
        return "data_parallel_hybrid_lb" if local not in (None, 1, size(launched, "data_parallel_size")) else None
    return external(launched) if numbers(launched.launch.version) < (0, 33) else None
