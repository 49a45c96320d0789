"""A context in which no request fits.

## Why
The context holds prompt and answer together: it needs room for one token at the least, and an answer of `sampling.max_tokens`
must leave room for a prompt.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 0}}
#                                                     ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 4096, sampling: {max_tokens: 1024}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report a context of nothing, or one that the longest answer alone fills."""
    answer = model.sampling.max_tokens
    for group, at in apart(model, lambda group: group.context):
        place = (*at, "context_length")
        if group.context is not None and group.context < 1:
            hint = "leave it out: the default is the model's own"
            yield Finding(f"a context of {group.context} tokens holds no request", place, hint=hint)
        elif group.context is not None and answer is not None and answer >= group.context:
            yield Finding(
                f"answers of up to {answer} tokens leave no room for a prompt in a context of {group.context}",
                place,
                hint=f"lower `sampling.max_tokens` below {group.context}, or raise the context",
                because=(Because(f"answers of up to {answer} tokens", (*model.at, "sampling", "max_tokens")),),
                severity="warning",
            )
