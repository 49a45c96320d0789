"""A secret that this cluster cannot read.

## Why
Kubernetes reads its own Secrets, external stores through an operator, and what Pulumi puts there. Compose and plain
processes read environment variables and files. A secret of another kind is simply not there when the container starts.
An environment that runs elsewhere replaces the secret: another `kind` replaces the entry.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
#               -------
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}}}
secrets: {hf-token: {kind: kubernetes, name: hf-token, key: token}}
#                          ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}}}
secrets: {hf-token: {kind: kubernetes, name: hf-token, key: token}}
targets: {helm: {}}
environments:
  dev:
    cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
    secrets: {hf-token: {kind: env, name: HF_TOKEN}}
    targets: {helm: null, compose: {}}
  prod: {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Stack
from stackspec.rules import rule

_READS = {
    "kubernetes": ("kubernetes", "external", "pulumi"),
    "compose": ("env", "file"),
    "process": ("env", "file"),
}


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Compare the kind of each used secret with what the cluster reads."""
    used, kind = stack.used.get("secret", frozenset()), stack.cluster.kind
    for name, secret in stack.secrets.items():
        if name not in used:
            continue
        if secret.kind not in _READS[kind]:
            kinds = " or ".join(f"`{item}`" for item in _READS[kind] if item != "pulumi" or "pulumi" in stack.targets)
            yield Finding(
                f"a secret of kind {secret.kind} cannot be read under {kind}",
                (*secret.at, "kind"),
                hint=f"declare `{name}` with kind {kinds} in this environment",
                because=(Because(f"runs under {kind}", ("cluster", "kind")),),
            )
        elif secret.kind == "pulumi" and "pulumi" not in stack.targets:
            yield Finding(
                "a secret of kind pulumi is put into the cluster by Pulumi, which is not a target here",
                (*secret.at, "kind"),
                hint="choose the target `pulumi`, or declare the secret with kind `kubernetes` or `external`",
                because=(Because("the targets", ("targets",)),),
            )
