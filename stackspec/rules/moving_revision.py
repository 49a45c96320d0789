"""A branch written as the revision of a model.

## Why
`@main` looks like a pin and is none: a branch moves with every push, and so does a reference to a pull request.
https://huggingface.co/docs/hub/repositories-getting-started

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B@main}}
#                      ^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Severity
from stackspec.ir.stack import Model, Stack
from stackspec.rules import rule
from stackspec.rules._pins import branch, sources_of


@rule("warning", on="models")
def check(model: Model, stack: Stack) -> Iterator[Finding]:
    """Report branches; `pinning: required` makes them errors."""
    severity: Severity = "error" if stack.pinning_required else "warning"
    for place, source in sources_of(model):
        if source.scheme == "hf" and source.revision and branch(source.revision):
            message = f"`{source.revision}` is a branch: it moves with every push"
            yield Finding(message, place, hint="write the commit that it stands at now", severity=severity)
    if model.code_revision and branch(model.code_revision):
        message = f"`{model.code_revision}` is a branch: the code that runs changes with every push"
        yield Finding(message, (*model.at, "code_revision"), hint="write the commit that was reviewed", severity=severity)
