"""A profiler that has no place to write to.

## Why
The profilers `torch` and `proton` write traces to `torch_profiler_dir` and `proton_profiler_dir`, and vLLM refuses them without.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/profiler.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {profiler_config: {profiler: torch}}}
#                                                                                       ^^^^^
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
    context_length: 8192
    args: {profiler_config: {profiler: torch, torch_profiler_dir: /tmp/traces}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("profiler_config",), since="0.13", refused="parser", rows=(83,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the folder of the profiler."""
    profiler = launched.word("profiler_config", "profiler")
    if profiler in ("torch", "proton") and not launched.value("profiler_config", f"{profiler}_profiler_dir"):
        yield Finding(
            f"the profiler {profiler} has no folder to write to",
            launched.at("profiler_config", "profiler"),
            hint=f"add `{profiler}_profiler_dir`",
        )
