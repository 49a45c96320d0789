"""A route that allows requests which its model cannot hold.

## Why
Prompt and answer share the context. A request that the route's validation lets through and the engine refuses comes
back as an error that nobody can explain from the limits that were announced.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192}}
#                                                     ----
gateway:
  kind: envoy
  routes:
    chat:
      backends: [{model: chat}]
      validation: {max_input_tokens: 8000, max_output_tokens: 2048}
#                                    ^^^^                     ----
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192}}
gateway:
  kind: envoy
  routes:
    chat:
      backends: [{model: chat}]
      validation: {max_input_tokens: 6144, max_output_tokens: 2048}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model, Route, Stack
from stackspec.rules import rule
from stackspec.rules._reach import context_at, of_route


@rule("warning", on="routes")
def check(route: Route, stack: Stack) -> Iterator[Finding]:
    """Compare what a route allows with the smallest context that it reaches."""
    if route.validation.max_input_tokens is None and route.validation.max_output_tokens is None:
        return
    models = [reached.model for reached in of_route(stack, route) if reached.model.task == "generate"]
    known = [model for model in models if model.context is not None]
    if known:
        yield from _compare(route, min(known, key=lambda model: model.context or 0))


def _compare(route: Route, model: Model) -> Iterator[Finding]:
    asked, context = route.validation, model.context or 0
    prompt, answer = asked.max_input_tokens or 0, asked.max_output_tokens or 0
    if prompt + answer <= context:
        return
    place, because = (*route.at, "validation"), Because(f"{context} tokens", context_at(model))
    if prompt and answer and max(prompt, answer) <= context:
        yield Finding(
            f"the route allows {prompt} + {answer} = {prompt + answer} tokens, and model `{model.name}` holds {context}",
            (*place, "max_input_tokens"),
            hint=f"allow {context - answer} tokens of input" if answer < context else f"allow {context} tokens in all",
            because=(Because("added to these", (*place, "max_output_tokens")), because),
        )
        return
    what, amount = ("input", prompt) if prompt > context else ("output", answer)
    yield Finding(
        f"the route allows {amount} tokens of {what}, and model `{model.name}` holds {context}",
        (*place, f"max_{what}_tokens"),
        hint=f"allow fewer than {context}, or raise the model's context",
        because=(because,),
        severity="error",
    )
