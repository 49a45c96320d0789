"""Speculation that does not say how many tokens to draft.

## Why
`draft_model` and `ngram` have no number of their own to fall back to, and vLLM refuses to start without one. Other methods may take
it from the draft or have a default.
https://docs.vllm.ai/en/stable/features/spec_decode/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, speculative: {method: ngram}}}
#                                                           ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, speculative: {method: ngram, tokens: 4}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_NEED = frozenset({"draft_model", "ngram"})


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report methods that need a number and have none."""
    for group, at in apart(model, lambda group: (group.speculative and group.speculative.tokens, group.args)):
        asked = group.speculative
        if asked is None or any(name.replace("-", "_").startswith("speculative_config") for name in group.args):
            continue
        if asked.method in _NEED and asked.tokens is None:
            message = f"`{asked.method}` needs the number of tokens to draft at a time"
            yield Finding(message, (*at, "speculative", "method"), hint="add `tokens`, such as 4")
