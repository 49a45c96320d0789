"""An operator that is neither switched on nor off.

## Why
`custom_ops` holds `all` or `none`, and names with a sign: `+rms_norm` switches vLLM's own kernel on, `-rms_norm` off. vLLM refuses a name
without one.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/compilation.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {compilation_config: {custom_ops: [none, rms_norm]}}}
#                                                                                                   ^^^^^^^^
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

from stackspec.diagnostics import Finding, Fix, Set
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("compilation_config",), since="0.11.1", refused="parser", rows=(82,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look at the first sign of each operator."""
    ops = launched.value("compilation_config", "custom_ops")
    for number, op in enumerate(ops if isinstance(ops, list) else ()):
        if not isinstance(op, str) or op in ("all", "none") or (len(op) > 1 and op[0] in "+-"):
            continue
        place = (*launched.at("compilation_config", "custom_ops"), number)
        edit = Fix((Set(place, f"+{op}"),)) if op and op[0] not in "+-" else None
        yield Finding(f"the operator {op!r} is neither on nor off", place, hint=f"write `+{op}` or `-{op}`", fix=edit)
