"""Where single values of secrets are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackspec.ir.stack import Agent, App, EnvValue, Model, SecretUse, Stack, Team, Tool
from stackspec.rules._asked import each


def uses(stack: Stack) -> Iterator[SecretUse]:
    """Yield every use that needs a single value."""
    for found in each(stack, "models", _of_model):
        yield from found
    for engine in stack.engines.values():
        yield from _inside(engine.env)
    for agent in stack.agents.values():
        yield from (use for use in (agent.memory.secret,) if use)
    containers: list[Tool | Agent | Team | App] = [
        *stack.tools.values(), *stack.agents.values(), *stack.teams.values(), *stack.apps.values()
    ]  # fmt: skip
    for item in containers:
        yield from _inside(item.env)


def _of_model(model: Model) -> tuple[SecretUse, ...]:
    tokens = (model.token, model.endpoint.token if model.endpoint else None)
    return (*(use for use in tokens if use), *(use for group in model.groups for use in _inside(group.env)))


def _inside(env: Mapping[str, EnvValue]) -> Iterator[SecretUse]:
    return (value for value in env.values() if isinstance(value, SecretUse))
