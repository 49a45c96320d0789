"""A context longer than the model's own.

## Why
vLLM refuses to start where `context_length` is above the longest sequence in the model's configuration: positions beyond it were
never trained. It can be lifted with eyes open, by rope scaling in `args.hf_overrides` or by VLLM_ALLOW_LONG_MAX_MODEL_LEN; then
this rule is silent.
https://docs.vllm.ai/en/stable/configuration/engine_args/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 65536}}
#                      -------------                  ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 40960}
  long:
    model: Qwen/Qwen3-4B
    context_length: 131072
    env: {VLLM_ALLOW_LONG_MAX_MODEL_LEN: "1"}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.ir.stack import Group, Model
from stackspec.rules import rule
from stackspec.rules._roles import apart

_LIFTING = ("hf_overrides", "rope_scaling", "rope_theta")
_ALLOWED = "VLLM_ALLOW_LONG_MAX_MODEL_LEN"


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the context of each group with the model's own."""
    longest = model.facts.max_context if model.facts else None
    if longest is None:
        return
    for group, at in apart(model, lambda group: (group.context, _lifted(group))):
        if group.context is not None and group.context > longest and not _lifted(group):
            place = (*at, "context_length")
            yield Finding(
                f"a context of {group.context} tokens, and the model's own is {longest}",
                place,
                hint=f"use {longest}; or scale its positions with `args.hf_overrides`, as its authors describe",
                because=(Because(f"at most {longest} tokens", (*model.at, "model")),),
                fix=Fix((Set(place, str(longest)),)),
            )


def _lifted(group: Group) -> bool:
    """Tell whether somebody lifted the model's bound on purpose."""
    names = {name.partition(".")[0].replace("-", "_") for args in (group.engine.args, group.args) for name in args}
    asked = {**group.engine.env, **group.env}.get(_ALLOWED)
    return not names.isdisjoint(_LIFTING) or (asked is not None and (not isinstance(asked, str) or _true(asked)))


def _true(word: str) -> bool:
    """Tell whether vLLM takes the word of a variable for yes: any other one than these two leaves the bound."""
    return word.strip().lower() in ("1", "true")
