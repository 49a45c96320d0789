"""Where single values of secrets are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackspec.ir.stack import Agent, App, EnvValue, SecretUse, Stack, Team, Tool


def uses(stack: Stack) -> Iterator[SecretUse]:
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
