"""The split of a draft under the name of the model's.

## Why
Within `speculative_config` the split is called `draft_tensor_parallel_size`. vLLM refuses `tensor_parallel_size` there.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/speculative.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args: {speculative_config: {method: ngram, num_speculative_tokens: 4, tensor_parallel_size: 1}}
#                                                                                               ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args: {speculative_config: {method: ngram, num_speculative_tokens: 4, draft_tensor_parallel_size: 1}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("speculative_config",), since="0.15.0", rows=(53,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report the field; releases before 0.15 do not know it at all, which another code says."""
    if launched.value("speculative_config", "tensor_parallel_size") is not None:
        yield Finding(
            "`tensor_parallel_size` is no field of a draft",
            launched.at("speculative_config", "tensor_parallel_size"),
            hint="write `draft_tensor_parallel_size`",
        )
