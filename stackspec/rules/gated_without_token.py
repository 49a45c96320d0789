"""Gated weights without a token to fetch them.

## Why
The hub answers 401 to everybody who has not accepted the terms of a gated model, and the engine never starts. Weights on an existing
claim, from a mirror, or a token of your own in `env` need none here. Under `process` the login of the machine may do.
https://huggingface.co/docs/hub/models-gated

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: meta-llama/Llama-3.1-8B-Instruct, context_length: 8192}}
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: meta-llama/Llama-3.1-8B-Instruct, context_length: 8192, token: {secret: hf-token}}}
secrets: {hf-token: {kind: env, name: HF_TOKEN}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule

_TELLING = frozenset(
    {"HF_TOKEN", "HF_TOKEN_PATH", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE", "HF_HOME", "HF_HUB_CACHE"}
)


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report gated models that nothing opens."""
    source, facts = model.source, model.facts
    if source is None or source.scheme != "hf" or facts is None or not facts.gated or model.token is not None:
        return
    if model.cache.claim is not None or facts.name.lower() != source.location.lower():
        return
    if all(_TELLING.isdisjoint(group.env) and _TELLING.isdisjoint(group.engine.env) for group in model.groups):
        yield Finding(
            f"the weights of {facts.name} are gated, and `{model.name}` has no token",
            (*model.at, "model"),
            hint="add `token: {secret: hf-token}` and declare the secret",
            severity="warning" if model.serving == "process" else None,
        )
