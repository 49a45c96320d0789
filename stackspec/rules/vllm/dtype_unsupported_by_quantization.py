"""A type that the quantization method does not compute with.

## Why
Each method computes with some types: most with bfloat16 and float16, mxfp4 with bfloat16 alone, nearly none with float32. vLLM refuses
to start with another.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B-AWQ, dtype: float32, context_length: 8192}}
#                      -----------------         ^^^^^^^
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, dtype: float32, quantization: fp8, context_length: 8192}}
#                                            ^^^^^^^                ---
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B-AWQ, dtype: float16, context_length: 8192}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.engines.vllm.release import release
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm._quantization import FAMILIES, family

_SHORT = {"half": "float16", "float": "float32"}


@rule("error", on="launches", reads=Reads(("dtype",), rows=(27,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the type with those of the method, or of all that read the checkpoint."""
    word, facts, asked = launched.word("dtype"), launched.model.facts, launched.word("quantization")
    method = asked.lower() if asked else facts.quantization if facts else None
    types = _types(launched.launch.version, method, exactly=asked is not None) if method else frozenset[str]()
    if word is None or word == "auto" or not types or _SHORT.get(word, word) in types:
        return
    place = launched.at("quantization") if asked else (*launched.model.at, "model")
    yield Finding(
        f"{method} does not compute with {word}",
        launched.at("dtype"),
        hint=f"use `auto`, or one of {', '.join(sorted(types))}",
        because=(Because(f"quantized with {method}", place),),
    )


def _types(version: str, method: str, *, exactly: bool) -> frozenset[str]:
    """Return the types of a method, with those of its whole family where vLLM chooses among them."""
    known = release(version).registries["quantization"]
    members = (
        [method] if exactly or family(method) not in FAMILIES else [name for name in known if family(name) == family(method)]
    )
    return frozenset(found for name in members for found in known.get(name, {}).get("dtypes", ()))
