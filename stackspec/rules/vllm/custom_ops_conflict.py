"""Operators that are switched both on and off.

## Why
`custom_ops` starts from `all` or from `none` and switches single operators: vLLM refuses both starts, and since 0.27 one operator
with both signs.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/compilation.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {compilation_config: {custom_ops: [all, none]}}}
#                                                                                ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {compilation_config: {custom_ops: [none, +rms_norm]}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules._words import listed


@rule("error", on="launches", reads=Reads(("compilation_config",), refused="parser", rows=(82,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for opposites in the list."""
    ops = launched.value("compilation_config", "custom_ops")
    if not isinstance(ops, list):
        return
    words = [op for op in ops if isinstance(op, str)]
    place = launched.at("compilation_config", "custom_ops")
    if sum(word in ("all", "none") for word in words) > 1:
        yield Finding("operators start from all and from none", place, hint="keep one of `all` and `none`")
    both = sorted({word[1:] for word in words if word.startswith("+")} & {word[1:] for word in words if word.startswith("-")})
    if both and numbers(launched.launch.version) >= (0, 27):
        yield Finding(f"{listed(both)} both on and off", place, hint="keep one sign")
