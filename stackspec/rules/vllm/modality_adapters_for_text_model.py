"""Adapters by modality for a model that reads text alone.

## Why
`default_mm_loras` applies an adapter whenever a request carries an image, audio or video. A text model never sees one, and vLLM refuses
to start.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
#          -------------
    lora: {max_loras: 2}
    args: {default_mm_loras: {image: /adapters/image}}
#          ^^^^^^^^^^^^^^^^
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
    adapters: {sql: {model: "file:///adapters/sql"}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _models


@rule("error", on="launches", reads=Reads(("default_mm_loras",), since="0.10.0", rows=(61,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Report them where the architecture is known to read text alone."""
    facts = launched.model.facts
    if launched.value("default_mm_loras") and facts is not None and facts.architecture in _models.TEXT:
        yield Finding(
            f"{facts.architecture} reads text alone",
            launched.at("default_mm_loras"),
            hint="name the adapters in `lora_modules`",
            because=(Because("a text model", (*launched.model.at, "model")),),
        )
