"""Who calls whom in a stack, by host: the order of starting, the networks and the network policies all follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stackspec.ir.deployment import Condition, Workload
from stackspec.ir.record import replace
from stackspec.ir.stack import Agent, Backend, Caller, Retrieval, Route, Stack, Team

Edges = Mapping[str, tuple[str, ...]]
"""Key of a workload → hosts that it calls, sorted."""


def edges(stack: Stack) -> Edges:
    """Return what each tool, agent, team, app and the gateway calls inside the stack."""
    found: dict[str, set[str]] = {name: set(_agent_hosts(agent, stack)) for name, agent in stack.agents.items()}
    for name, team in stack.teams.items():
        members = (stack.agents[member] for member in team.members if member in stack.agents)
        found[name] = {host for member in members for host in _agent_hosts(member, stack)}
    for name, app in stack.apps.items():
        found[name] = set(_called(app.caller))
    if stack.gateway is not None:
        found[stack.gateway.address.host] = {
            host for route in stack.gateway.routes.values() for host in _route_hosts(route, stack)
        }
    return {name: tuple(sorted(hosts - {name})) for name, hosts in sorted(found.items())}


def answering(workloads: Mapping[str, Workload]) -> Mapping[str, tuple[str, ...]]:
    """Return the workloads that answer to each host: their own keys and what they share."""
    found: dict[str, list[str]] = {}
    for key, workload in workloads.items():
        for host in (key, *workload.aliases):
            found.setdefault(host, []).append(key)
    return {host: tuple(keys) for host, keys in found.items()}


def with_order(workloads: Mapping[str, Workload], calls: Edges, gateway: str | None) -> dict[str, Workload]:
    """Return the workloads, each waiting for what it calls; where no gateway runs, its callers wait for what it would call."""
    answers = answering(workloads)
    behind = () if gateway is None or gateway in answers else calls.get(gateway, ())
    ordered: dict[str, Workload] = {}
    for key, workload in workloads.items():
        hosts = calls.get(key, ())
        reached = {*hosts, *(behind if gateway in hosts else ())}
        waits = sorted(other for host in reached for other in answers.get(host, ()) if other != key)
        ordered[key] = replace(workload, depends_on={other: _condition(workloads[other]) for other in waits})
    return ordered


def team_caller(team: Team, stack: Stack) -> Caller | None:
    """Return what a team calls: what its first member with a model calls, with a key of the team's own where each has one."""
    for name in team.members:
        caller = stack.agents[name].caller if name in stack.agents else None
        if caller is not None:
            key = caller.key
            own = replace(key, key=team.name) if key is not None and key.key == name else key
            return replace(caller, key=own)
    return None


def _condition(workload: Workload) -> Condition:
    return "started" if workload.probe is None else "healthy"


def _agent_hosts(agent: Agent, stack: Stack) -> Iterator[str]:
    yield from _called(agent.caller)
    for name in agent.tools:
        tool = stack.tools.get(name.split(".")[0])
        if tool is not None and tool.address is not None:
            yield tool.address.host
    for name in agent.retrieval:
        if name in stack.retrieval:
            yield from _corpus_hosts(stack.retrieval[name], stack)


def _called(caller: Caller | None) -> Iterator[str]:
    if caller is not None:
        yield caller.address.host


def _corpus_hosts(corpus: Retrieval, stack: Stack) -> Iterator[str]:
    if corpus.store.address is not None:
        yield corpus.store.address.host
    yield from _model_hosts((name for name in (corpus.embed_model, corpus.rerank_model) if name), stack)


def _route_hosts(route: Route, stack: Stack) -> Iterator[str]:
    rules = (backend for rule in route.rules for backend in rule.backends)
    yield from _model_hosts(_models((*route.backends, *rules, *route.fallback), stack), stack)
    if route.content_safety is not None:
        yield from _model_hosts((route.content_safety.model,), stack)


def _models(backends: Iterable[Backend], stack: Stack) -> Iterator[str]:
    for backend in backends:
        graph = stack.graphs.get(backend.name) if backend.kind == "graph" else None
        yield from (step.model for step in graph.steps.values()) if graph else (backend.model,)


def _model_hosts(names: Iterable[str], stack: Stack) -> Iterator[str]:
    for name in names:
        model = stack.models.get(name)
        if model is not None and model.endpoint is None:
            yield model.address.host
