"""Remote code that runs at whatever version it has today.

## Why
`trust_remote_code` runs Python from the model's repository inside the engine. A review covers one commit; without `code_revision`,
or a commit in `model`, tomorrow's start runs what was pushed since.
https://docs.vllm.ai/en/stable/usage/security/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: org/custom-7b, trust_remote_code: {reason: custom attention}}
#               -------------  ^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: org/custom-7b@0a1b2c3d4e5f60718293a4b5c6d7e8f901234567
    trust_remote_code: {reason: custom attention reviewed at this commit}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._pins import commit


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report code that no commit pins; only the hub serves code that can change."""
    source = model.source
    if source is None or source.scheme != "hf" or model.remote_code_reason is None:
        return
    if commit(model.code_revision) or (model.code_revision is None and commit(source.revision)):
        return
    yield Finding(
        f"`{model.name}` runs code of `{source.location}` that no commit pins",
        (*model.at, "trust_remote_code"),
        hint="write the reviewed commit: `model: org/name@commit`, or `code_revision` where the code lives elsewhere",
        because=(Because("read at its newest commit", (*model.at, "code_revision" if model.code_revision else "model")),),
        on="key",
    )
