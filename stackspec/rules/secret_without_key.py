"""One value asked of a secret that holds several.

## Why
A Kubernetes Secret maps keys to values. Where one value is needed, for a variable or a token, the key must be named, in
the secret or at its use. Without a `key`, the keys of a secret are names: one per consumer of the gateway, or the two
files of a certificate.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}}}
#                                                     ^^^^^^^^
secrets: {hf-token: {kind: kubernetes, name: hf-token}}
#         --------
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hf-token}, env: {VLLM_API_KEY: {secret: keys, key: vllm}}}}
secrets:
  hf-token: {kind: kubernetes, name: hf-token, key: token}
  keys: {kind: kubernetes, name: keys}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Agent, App, EnvValue, SecretUse, Stack, Team, Tool
from stackspec.rules import rule


@rule("error")
def check(stack: Stack) -> Iterator[Finding]:
    """Look for uses of one value of a Kubernetes Secret whose key nobody names."""
    if not any(secret.kind == "kubernetes" and secret.key is None for secret in stack.secrets.values()):
        return
    for use in dict.fromkeys(use for use in _uses(stack) if use.key is None and use.secret.kind == "kubernetes"):
        yield Finding(
            f"`{use.secret.id}` is a Kubernetes Secret, and nothing says which of its keys is meant",
            use.at,
            hint=f"add `key: …` to the secret, or write `{{secret: {use.secret.id}, key: …}}` here",
            because=(Because("declared without a key", use.secret.at),),
        )


def _uses(stack: Stack) -> Iterator[SecretUse]:
    """Yield every use that needs a single value."""
    for model in stack.models.values():
        if model.token:
            yield model.token
        if model.endpoint and model.endpoint.token:
            yield model.endpoint.token
        for group in model.groups:
            yield from _inside(group.env)
    for engine in stack.engines.values():
        yield from _inside(engine.env)
    for agent in stack.agents.values():
        yield from (use for use in (agent.memory.secret,) if use)
    containers: list[Tool | Agent | Team | App] = [
        *stack.tools.values(), *stack.agents.values(), *stack.teams.values(), *stack.apps.values()
    ]  # fmt: skip
    for item in containers:
        yield from _inside(item.env)


def _inside(env: Mapping[str, EnvValue]) -> Iterator[SecretUse]:
    return (value for value in env.values() if isinstance(value, SecretUse))
