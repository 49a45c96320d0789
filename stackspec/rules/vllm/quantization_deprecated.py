"""A quantization method that the release only takes when told so.

## Why
vLLM marks methods that are about to go and refuses to start with one unless `allow_deprecated_quantization` is set. It names no
successor; what `fbgemm_fp8` did, `fp8` does.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/model_executor/layers/quantization/__init__.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: b200-sxm-180gb}}}
models: {chat: {model: Qwen/Qwen3-4B, quantization: fp_quant}}
#                                                   ^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: b200-sxm-180gb}}}
models: {chat: {model: Qwen/Qwen3-4B, quantization: fp_quant, args: {allow_deprecated_quantization: true}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.engines.vllm.release import release
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("quantization",), since="0.14.0", rows=(23,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look the method up among those of the release."""
    method = launched.word("quantization")
    known = release(launched.launch.version).registries["quantization"].get((method or "").lower(), {})
    if known.get("deprecated") and not launched.on("allow_deprecated_quantization"):
        yield Finding(
            f"vLLM {launched.launch.version} calls `{method}` deprecated and does not start with it",
            launched.at("quantization"),
            hint="choose another method, or set `args: {allow_deprecated_quantization: true}`",
        )
