"""Speculation with a draft model on a release that cannot.

## Why
The second engine of vLLM learned to speculate with a separate draft model in 0.15.0; releases before it refuse to start with
`draft_model` and point at EAGLE, MTP or ngram.
https://github.com/vllm-project/vllm/blob/v0.14.1/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
engines: {vllm: {version: "0.13.0"}}
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 4096
    speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4}
#                         ^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
engines: {vllm: {version: "0.13.0"}}
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 4096
    speculative: {method: ngram, tokens: 4}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("speculative_config",), since="0.10.2", until="0.15.0"))
def check(launched: Launched) -> Iterator[Finding]:
    """Report the method."""
    if launched.word("speculative_config", "method") == "draft_model":
        place = launched.at("speculative_config", "method")
        yield Finding(
            f"vLLM {launched.launch.version} does not speculate with a draft model",
            place if "args" in place else (*place, "method"),
            hint="use 0.15.0 or later, or another method: `eagle3`, `mtp`, `ngram`",
        )
