"""One setting given as a flag and as a field of a nested configuration.

## Why
Some flags are short forms of a field: `attention_backend` of `attention_config`, `cudagraph_capture_sizes` of `compilation_config`,
`spec_method` of `speculative_config`. vLLM refuses to start where both are given, even where they agree.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args:
      attention_backend: TRITON_ATTN
#                        ^^^^^^^^^^^
      attention_config: {backend: TRITON_ATTN}
#                                 -----------
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, args: {attention_backend: TRITON_ATTN, attention_config: {flash_attn_version: 2}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.rules import Launched, Reads, rule

_FIELDS = {
    "attention_backend": ("attention_config", "backend"),
    "cudagraph_capture_sizes": ("compilation_config", "cudagraph_capture_sizes"),
    "max_cudagraph_capture_size": ("compilation_config", "max_cudagraph_capture_size"),
    "enable_flashinfer_autotune": ("kernel_config", "enable_flashinfer_autotune"),
    "spec_method": ("speculative_config", "method"),
    "spec_model": ("speculative_config", "model"),
    "spec_tokens": ("speculative_config", "num_speculative_tokens"),
}
"""Flag → the field that it is a short form of."""


@rule("error", on="launches", reads=Reads(tuple(_FIELDS), since="0.11.1", rows=(34,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report each short form whose field is given as well."""
    for flag, (config, field) in _FIELDS.items():
        if launched.value(flag) is None or launched.value(config, field) is None:
            continue
        place = launched.at(flag)
        yield Finding(
            f"`{flag}` is `{config}.{field}`, which is given too",
            place,
            hint="keep one of the two",
            because=(Because("given here", launched.at(config, field)),),
            fix=Fix((Delete(place),), safe=launched.value(flag) == launched.value(config, field)),
        )
