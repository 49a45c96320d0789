"""Experts that follow the number of ranks without being balanced.

## Why
`enable_elastic_ep` changes the number of ranks while the server runs and leaves moving the experts to their balancing: vLLM refuses it
without `enable_eplb`.
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
    parallelism: {data: 2, expert: true}
    args: {enable_elastic_ep: true}
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
    parallelism: {data: 2, expert: true}
    args: {enable_elastic_ep: true, enable_eplb: true}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("enable_elastic_ep",), since="0.17", rows=(64,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the balancing where experts are elastic."""
    if launched.on("enable_elastic_ep") and not launched.on("enable_eplb"):
        yield Finding(
            "`enable_elastic_ep` leaves moving experts to their balancing, which is off",
            launched.at("enable_elastic_ep"),
            hint="add `enable_eplb: true`, or remove `enable_elastic_ep`",
        )
