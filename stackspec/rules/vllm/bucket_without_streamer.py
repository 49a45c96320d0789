"""Weights in a bucket, and a loader that reads files.

## Why
From a bucket (`s3://`, `gs://`, `az://`) weights are streamed, which spec and vLLM choose by themselves. A `load_format` in `args` that
reads files is refused.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: s3://weights/qwen3-4b
#          ---------------------
    facts: Qwen/Qwen3-4B
    context_length: 8192
    args: {load_format: safetensors}
#                       ^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: s3://weights/qwen3-4b
    facts: Qwen/Qwen3-4B
    context_length: 8192
    args: {load_format: runai_streamer_sharded}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_BUCKETS = ("s3", "gs", "az")
_STREAMS = ("auto", "runai_streamer", "runai_streamer_sharded", "modelexpress")


@rule("error", on="launches", reads=Reads(("load_format",), since="0.11.1", refused="start", rows=(87,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the loader with where weights are."""
    source, loader = launched.model.source, launched.word("load_format")
    if source is not None and source.scheme in _BUCKETS and loader is not None and loader not in _STREAMS:
        yield Finding(
            f"weights are in a bucket, and `load_format: {loader}` reads files",
            launched.at("load_format"),
            hint="remove it: `runai_streamer` is chosen by itself",
            because=(Because("a bucket", (*launched.model.at, "model")),),
        )
