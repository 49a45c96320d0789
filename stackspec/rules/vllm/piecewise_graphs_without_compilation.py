"""CUDA graphs in pieces of a model that is not compiled in pieces.

## Why
Piecewise CUDA graphs are captured around the pieces that the compilation mode `VLLM_COMPILE` (3) makes. With another mode vLLM says so in
its log at most and captures other graphs, or none; 0.11 refuses to start.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    args: {compilation_config: {mode: 0, cudagraph_mode: PIECEWISE}}
#                                     -                  ^^^^^^^^^
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
    args: {compilation_config: {mode: 3, cudagraph_mode: PIECEWISE}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_PIECEWISE = ("PIECEWISE", "FULL_AND_PIECEWISE")
_COMPILED = (3, "3", "VLLM_COMPILE")


@rule("warning", on="launches", reads=Reads(("compilation_config",), since="0.12", refused="never", rows=(81,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the kind of graphs with the mode of compilation; breakable graphs need no pieces."""
    graphs, mode = launched.word("compilation_config", "cudagraph_mode"), launched.value("compilation_config", "mode")
    if (graphs or "").upper() not in _PIECEWISE or mode is None or mode in _COMPILED:
        return
    if "VLLM_USE_BREAKABLE_CUDAGRAPH" in launched.launch.env:
        return
    yield Finding(
        f"CUDA graphs are asked for as {graphs}, and the compilation mode {mode} makes no pieces",
        launched.at("compilation_config", "cudagraph_mode"),
        hint="use `mode: 3`, or the graphs NONE, FULL or FULL_DECODE_ONLY",
        because=(Because("no pieces", launched.at("compilation_config", "mode")),),
    )
