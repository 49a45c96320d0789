"""Two ways to offload weights, of which one is taken.

## Why
Weights are offloaded by layers (`offload_group_size`) or by size (`cpu_offload_gb`). vLLM takes one, by layers unless `offload_backend` is
uva, and ignores the settings of the other with a warning in its log.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/offload.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {offload_group_size: 4, cpu_offload_gb: 2}}
#                                                                               -                  ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {offload_group_size: 4}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_LAYERS, _SIZE = "offload_group_size", "cpu_offload_gb"


@rule("warning", on="launches", reads=Reads((_LAYERS,), since="0.17", refused="never", rows=(88,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for both ways at once."""
    if not launched.number(_LAYERS) or not launched.number(_SIZE):
        return
    taken, ignored = (_SIZE, _LAYERS) if launched.word("offload_backend") == "uva" else (_LAYERS, _SIZE)
    yield Finding(
        f"`{ignored}` is ignored beside `{taken}`",
        launched.at(ignored),
        hint="keep one of the two",
        because=(Because("the way that is taken", launched.at(taken)),),
    )
