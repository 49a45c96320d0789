"""Places that processes are bound to, and no binding.

## Why
`numa_bind_nodes` and `numa_bind_cpus` say where `numa_bind` binds each GPU's process, and vLLM refuses them without it.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {numa_bind_nodes: [0]}}
#                                                           ^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {numa_bind: true, numa_bind_nodes: [0]}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("numa_bind_nodes", "numa_bind_cpus"), since="0.20", rows=(86,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the binding where places are given."""
    for name in ("numa_bind_nodes", "numa_bind_cpus"):
        if launched.value(name) is not None and not launched.on("numa_bind"):
            yield Finding(
                f"`{name}` says where processes are bound, and `numa_bind` is off",
                launched.at(name),
                hint="add `numa_bind: true`, or remove it",
            )
