"""A draft model that is split over some of the ranks.

## Why
A draft runs whole on each rank (`draft_tensor_parallel_size: 1`) or is split as the model is. vLLM refuses anything between.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    parallelism: {tensor: 4}
#                         -
    args:
      speculative_config:
        method: eagle3
        model: AngelSlim/Qwen3-8B_eagle3
        num_speculative_tokens: 3
        draft_tensor_parallel_size: 2
#                                   ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 4}}}
models:
  chat:
    model: Qwen/Qwen3-8B
    parallelism: {tensor: 4}
    args:
      speculative_config:
        method: eagle3
        model: AngelSlim/Qwen3-8B_eagle3
        num_speculative_tokens: 3
        draft_tensor_parallel_size: 1
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts

_FIELD = "draft_tensor_parallel_size"


@rule("error", on="launches", reads=Reads(("speculative_config",), rows=(53,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the split of a draft with that of the model."""
    draft, split = launched.number("speculative_config", _FIELD), launched.number("tensor_parallel_size")
    known = split is not None or "tensor_parallel_size" not in launched.flags
    if draft is None or not known or draft in (1, split or 1) or not _drafts.loads(launched):
        return
    place = _drafts.at(launched, _FIELD)
    because = (Because(f"a tensor split of {split:g}", launched.at("tensor_parallel_size")),) if split else ()
    yield Finding(
        f"the draft is split over {draft:g} ranks, and the model over {split or 1:g}",
        place,
        hint=f"use 1 or {split:g}" if split and split > 1 else "use 1",
        because=because,
        fix=Fix((Set(place, f"{split or 1:g}"),)),
    )
