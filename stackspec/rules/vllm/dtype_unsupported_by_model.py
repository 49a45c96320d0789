"""A type in which a model overflows.

## Why
Some families were trained in bfloat16 and overflow in float16. vLLM refuses to start them with it.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/model.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l40s}}}
models: {chat: {model: google/gemma-2-9b-it, dtype: float16, token: {secret: hub}}}
#                      --------------------         ^^^^^^^
secrets: {hub: {kind: env, name: HF_TOKEN}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l40s}}}
models: {chat: {model: google/gemma-2-9b-it, dtype: bfloat16, token: {secret: hub}}}
secrets: {hub: {kind: env, name: HF_TOKEN}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.engines.vllm.release import table
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("dtype",), since="0.9.2", rows=(29,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look the type of the model up where float16 is asked for."""
    facts, place = launched.model.facts, launched.at("dtype")
    if facts is None or launched.word("dtype") not in ("float16", "half"):
        return
    for row in table("float16"):
        until = row.get("until")
        if row["model_type"] == facts.model_type and (until is None or numbers(launched.launch.version) < numbers(until)):
            yield Finding(
                f"models of type {facts.model_type} are numerically unstable in float16",
                place,
                hint="use `bfloat16`",
                because=(Because(f"a model of type {facts.model_type}", (*launched.model.at, "model")),),
                fix=Fix((Set(place, "bfloat16"),)),
            )
