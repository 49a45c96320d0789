"""Remote code that is trusted without a reason.

## Why
`trust_remote_code` runs code of strangers with the engine's access to weights, secrets and network. The reason says who looked at it
and why it is acceptable; an empty one says that nobody did.
https://docs.vllm.ai/en/stable/usage/security/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: org/custom-7b@0a1b2c3d4e5f60718293a4b5c6d7e8f901234567, trust_remote_code: {reason: " "}}
#                                                                                                   ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: org/custom-7b@0a1b2c3d4e5f60718293a4b5c6d7e8f901234567, trust_remote_code: {reason: reviewed by the platform team}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report empty reasons."""
    if model.remote_code_reason is not None and not model.remote_code_reason.strip():
        message = f"nobody says why the remote code of `{model.name}` may run"
        yield Finding(message, (*model.at, "trust_remote_code", "reason"), hint="say who reviewed it, at which commit")
