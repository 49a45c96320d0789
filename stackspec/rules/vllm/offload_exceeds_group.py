"""More layers to offload than a group has.

## Why
Layers are offloaded in groups of `offload_group_size`, the last `offload_num_in_group` (1 by default) of each. vLLM refuses more than the
group has, which without a size is none.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/offload.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {offload_group_size: 2, offload_num_in_group: 3}}
#                                                                               -                        ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {offload_group_size: 4, offload_num_in_group: 3}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_SIZE, _COUNT, _BACKEND = "offload_group_size", "offload_num_in_group", "offload_backend"


@rule("error", on="launches", reads=Reads((_SIZE, _BACKEND), since="0.17", rows=(88,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the layers to offload with the group, where layers are offloaded."""
    size = launched.number(_SIZE) if _SIZE in launched.flags else 0
    count = launched.number(_COUNT) if _COUNT in launched.flags else 1
    if size is None or count is None or count <= size or (size == 0 and launched.word(_BACKEND) != "prefetch"):
        return
    name = _COUNT if _COUNT in launched.flags else _BACKEND if _BACKEND in launched.flags else _SIZE
    yield Finding(
        f"{count:g} layers of each group are to be offloaded, and a group has {size:g}",
        launched.at(name),
        hint=f"make groups of {count:g} or more: `{_SIZE}`",
        because=(Because(f"{size:g} layers in a group", launched.at(_SIZE)),) if _SIZE in launched.flags else (),
    )
