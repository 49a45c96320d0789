"""A setting of a profiler that does not run.

## Why
Fields of `profiler_config` that begin with `torch_` or `proton_` are that profiler's own, and vLLM refuses them while `profiler` names
another, or none.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/profiler.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {profiler_config: {torch_profiler_dir: /tmp/traces}}}
#                                                                                                 ^^^^^^^^^^^
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

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule

_FIELDS = {
    "torch_profiler_dir": ("torch", (0, 13)), "capture_torch_profiler": ("torch", (0, 26)),
    "torch_profiler_activities": ("torch", (0, 31)), "proton_profiler_dir": ("proton", (0, 28)),
    "proton_backend": ("proton", (0, 28)), "proton_mode": ("proton", (0, 28)), "proton_hook": ("proton", (0, 28)),
}  # fmt: skip
"""Field → whose it is, and the first release that refuses it elsewhere."""


@rule("error", on="launches", reads=Reads(("profiler_config",), since="0.13", refused="parser", rows=(83,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare each field with the profiler that runs."""
    profiler = launched.word("profiler_config", "profiler")
    release = numbers(launched.launch.version)
    for field, (own, since) in _FIELDS.items():
        if profiler != own and release >= since and launched.value("profiler_config", field):
            yield Finding(
                f"`{field}` is the profiler {own}'s, and {profiler or 'none'} runs",
                launched.at("profiler_config", field),
                hint=f"add `profiler: {own}`, or remove it",
            )
