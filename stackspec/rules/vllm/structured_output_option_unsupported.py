"""A setting of structured output that its back end does not have.

## Why
`disable_any_whitespace` is understood by xgrammar and guidance, `disable_additional_properties` by guidance. vLLM refuses them with any
other back end, and with `auto`, the default, which chooses one for each request.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/structured_outputs.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {structured_outputs_config: {disable_any_whitespace: true}}}
#                                                                                                               ^^^^
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    features: {structured_output: {backend: xgrammar}}
#                                           --------
    args: {structured_outputs_config: {disable_additional_properties: true}}
#                                                                     ^^^^
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
    features: {structured_output: {backend: guidance}}
    args: {structured_outputs_config: {disable_any_whitespace: true, disable_additional_properties: true}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule

_SETTINGS = {"disable_any_whitespace": ("xgrammar", "guidance"), "disable_additional_properties": ("guidance",)}
_OLD = ("guided_decoding_disable_any_whitespace", "guided_decoding_disable_additional_properties")


@rule("error", on="launches", reads=Reads(("structured_outputs_config", *_OLD), since="0.9.2", refused="parser", rows=(78,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare each setting with the back end, in today's form and in the one before 0.12."""
    for setting, backends in _SETTINGS.items():
        old = f"guided_decoding_{setting}"
        if launched.on("structured_outputs_config", setting):
            yield from _compared(launched, ("structured_outputs_config", setting), backends)
        elif launched.on(old):
            yield from _compared(launched, (old,), backends)


def _compared(launched: Launched, asked: tuple[str, ...], backends: tuple[str, ...]) -> Iterator[Finding]:
    setting = asked[-1]
    chosen: tuple[str, ...] = ("structured_outputs_config", "backend")
    if launched.word(*chosen) is None:
        chosen = ("guided_decoding_backend",)
    backend = launched.word(*chosen)
    if backend in backends:
        return
    because: tuple[Because, ...] = ()
    if backend:
        own = (*launched.model.at, "features", "structured_output", "backend")
        place = own if launched.model.features.structured_output else launched.at(*chosen)
        because = (Because("the back end of structured output", place),)
    yield Finding(
        f"`{setting}` is not understood by the back end {backend or 'auto'}",
        launched.at(*asked),
        hint=f"add `features: {{structured_output: {{backend: {backends[-1]}}}}}`, or remove it",
        because=because,
    )
