"""Tools, agents, teams and apps as workloads, the same for every cluster kind: image, environment, resources, port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackspec.ir.deployment import Component, Workload
from stackspec.ir.path import Path
from stackspec.ir.record import replace
from stackspec.ir.stack import Agent, Caller, EnvValue, Resources, Stack, Team, Tool
from stackspec.lower.edges import team_caller

GRACE = 10.0
"""Seconds that a container without a drain of its own gets, as Docker and people expect."""
NO_KEY = "unused"
"""Clients refuse to start without a key, also where nobody asks for one."""


def workload(
    key: str,
    component: Component,
    at: Path,
    image: str,
    *,
    env: Mapping[str, EnvValue],
    port: int | None,
    command: tuple[str, ...] | None = None,
    replicas: int = 1,
) -> Workload:
    """Return one plain container."""
    return Workload(
        key=key, component=component, at=at, image=image, entrypoint=None, args=command or (),
        env={name: env[name] for name in sorted(env)}, port=port, published=None, replicas=replicas, devices=None,
        resources=Resources(), runtime_class=None, probe=None, files=(), secret_files=(), volumes=(), depends_on={},
        networks=("default",), grace=GRACE,
    )  # fmt: skip


def containers(stack: Stack) -> Iterator[Workload]:
    """Yield everything with an image that is neither model, store nor gateway, in order of names within each section."""
    for tool in (stack.tools[name] for name in sorted(stack.tools)):
        if tool.image is not None:
            yield _tool(tool, tool.image)
    for agent in (stack.agents[name] for name in sorted(stack.agents)):
        if agent.image is not None:
            yield _agent(agent, agent.image)
    for team in (stack.teams[name] for name in sorted(stack.teams)):
        if team.image is not None:
            yield _team(team, team.image, stack)
    for app in (stack.apps[name] for name in sorted(stack.apps)):
        env = {**called(app.caller), **app.env}
        yield workload(app.name, "app", app.at, app.image, env=env, port=app.port, command=app.command, replicas=app.replicas)


def called(caller: Caller | None) -> dict[str, EnvValue]:
    """Return the variables by which clients of the OpenAI protocol find what they call."""
    if caller is None:
        return {}
    return {
        "OPENAI_API_KEY": caller.key or NO_KEY,
        "OPENAI_BASE_URL": caller.address.url,
        "OPENAI_MODEL": caller.served_name,
    }


def _tool(tool: Tool, image: str) -> Workload:
    box = tool.sandbox
    made = workload(
        tool.name, "tool", tool.at, image, env=tool.env, port=tool.port, command=tool.command, replicas=tool.replicas
    )
    return replace(made, runtime_class=box.runtime_class, resources=Resources(cpu_limit=box.cpu, memory_limit=box.memory))


def _agent(agent: Agent, image: str) -> Workload:
    env = {**called(agent.caller), **agent.env}
    return workload(agent.name, "agent", agent.at, image, env=env, port=agent.port, replicas=agent.replicas)


def _team(team: Team, image: str, stack: Stack) -> Workload:
    env = {**called(team_caller(team, stack)), **team.env}
    return workload(team.name, "team", team.at, image, env=env, port=team.port, replicas=team.replicas)
