"""Prefill context parallelism on the old model runner.

## Why
Only the second model runner of vLLM splits the context of a prefill. With `VLLM_USE_V2_MODEL_RUNNER=0` vLLM refuses to start.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args: {prefill_context_parallel_size: 2}
#                                         -
    env: {VLLM_USE_V2_MODEL_RUNNER: "0"}
#                                   ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B, env: {VLLM_USE_V2_MODEL_RUNNER: "0"}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.rules import Launched, Reads, rule

_NAME = "VLLM_USE_V2_MODEL_RUNNER"
_SIZE = "prefill_context_parallel_size"


@rule("error", on="launches", reads=Reads((_SIZE,), since="0.27.0", rows=(12,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report a split whose runner is switched off."""
    size, runner = launched.number(_SIZE), launched.variable(_NAME)
    if size is not None and size > 1 and runner is not None and runner.strip() == "0":
        place = launched.variable_at(_NAME)
        yield Finding(
            f"the old model runner cannot split the context of a prefill over {size:g} ranks",
            place,
            hint="remove the variable",
            because=(Because(f"a prefill context split of {size:g}", launched.at(_SIZE)),),
            fix=Fix((Delete(place),), safe=True),
        )
