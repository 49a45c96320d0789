"""What uses the models: retrieval, tools, agents, teams, apps, graphs, observability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stackspec import mirrors
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.ir.stack import (
    Agent,
    AgentLimits,
    App,
    Caller,
    Function,
    Gateway,
    Graph,
    GraphStep,
    Memory,
    Model,
    Observability,
    Pool,
    Retrieval,
    Sandbox,
    Secret,
    SecretUse,
    Store,
    Strategy,
    Team,
    TeamTask,
    Tool,
)  # fmt: skip
from stackspec.resolve.addresses import Addresses
from stackspec.resolve.convert import amount, cpus, environment, named_secret, seconds, table


@record
class Known:
    """What users of the models are resolved against."""

    pools: Mapping[str, Pool]
    secrets: Mapping[str, Secret]
    models: Mapping[str, Model]
    gateway: Gateway | None
    mirrors: Mapping[str, str]
    addresses: Addresses

    def pool(self, name: str | None) -> Pool | None:
        """Return a pool by name; None where any will do."""
        return self.pools[name] if name else None

    def image(self, name: str) -> str:
        """Return an image under its mirror."""
        return mirrors.image(name, self.mirrors)


def models_of(entries: Mapping[str, Any]) -> set[str]:
    """Return the models that the entries of a section are resolved against."""
    found: set[str] = set()
    for item in entries.values():
        embed, direct = getattr(item, "embed", None), getattr(item, "model", None)
        if embed is not None:
            found.add(embed.model)
        if direct is not None:
            found.add(direct.partition("/")[0])
    return found


def retrieval(name: str, spec: Any, known: Known) -> Retrieval:
    """Return one corpus with its store, and the length of its vectors as far as anybody says."""
    at: Path = ("retrieval", name)
    corpus, embed, search, rerank = spec.corpus, spec.embed, spec.search, spec.rerank
    model = known.models.get(embed.model) if embed else None
    return Retrieval(
        name=name, at=at, framework=spec.framework, store=_store(name, spec.store, known),
        source=corpus.source if corpus else None, documents=corpus.documents if corpus else None,
        document_tokens=corpus.document_tokens if corpus else None, chunk_tokens=corpus.chunk_tokens if corpus else None,
        chunk_overlap=(corpus.chunk_overlap or 0) if corpus else 0, embed_model=embed.model if embed else None,
        dimensions=(embed.dimensions or (model.dimensions if model else None)) if embed else None,
        distance=embed.distance if embed else "cosine", mode=search.mode if search else "vector",
        sparse=search.sparse if search else None, fusion=search.fusion if search else None, top_k=search.top_k if search else 10,
        rerank_model=rerank.model if rerank else None, rerank_top_k=rerank.top_k if rerank else None,
    )  # fmt: skip


def _store(name: str, spec: Any, known: Known) -> Store:
    at: Path = ("retrieval", name, "store")
    return Store(
        kind=spec.kind, version=spec.version, pool=known.pool(spec.pool), replicas=spec.replicas, storage=amount(spec.storage),
        url=spec.url, secret=named_secret(spec.secret, known.secrets, (*at, "secret")),
        address=None if spec.url else known.addresses.store(name, spec.kind), at=at,
    )  # fmt: skip


def tool(name: str, spec: Any, known: Known) -> Tool:
    """Return one MCP server."""
    at: Path = ("tools", name)
    return Tool(
        name=name, at=at, image=known.image(spec.image) if spec.image else None, url=spec.url,
        address=known.addresses.container(name, spec.port, spec.path) if spec.image else None, port=spec.port, path=spec.path,
        pool=known.pool(spec.pool), replicas=spec.replicas, command=tuple(spec.command) if spec.command else None,
        env=environment(spec.env, known.secrets, (*at, "env")), sandbox=_sandbox(spec.sandbox),
        functions=table(spec.functions, lambda key, item: _function(key, item, (*at, "functions", key))),
    )  # fmt: skip


def _sandbox(spec: Any) -> Sandbox:
    if spec is None:
        return Sandbox()
    egress = None if spec.egress is None else tuple(spec.egress)
    return Sandbox(spec.runtime_class, cpus(spec.cpu), amount(spec.memory), seconds(spec.timeout), egress)


def _function(name: str, spec: Any, at: Path) -> Function:
    return Function(name, spec.description, spec.input_schema, spec.output_schema, spec.approval, spec.max_output_tokens, at)


def agent(name: str, spec: Any, known: Known) -> Agent:
    """Return one agent with what it calls and may use."""
    at: Path = ("agents", name)
    strategy, memory, limits = spec.strategy, spec.memory, spec.limits
    return Agent(
        name=name, at=at, framework=spec.framework, image=known.image(spec.image) if spec.image else None, port=spec.port,
        pool=known.pool(spec.pool), replicas=spec.replicas, env=environment(spec.env, known.secrets, (*at, "env")),
        strategy=Strategy(strategy.kind, strategy.stream, strategy.branches, strategy.depth) if strategy
        else Strategy("react", None, None, None),
        caller=caller(name, spec, known, at), system_prompt=spec.prompt.system if spec.prompt else None,
        description=spec.description, role=spec.role, goal=spec.goal, backstory=spec.backstory, tools=tuple(spec.tools),
        retrieval=tuple(spec.retrieval), delegates_to=tuple(spec.delegates_to),
        memory=Memory(memory.kind, named_secret(memory.secret, known.secrets, (*at, "memory", "secret")), seconds(memory.ttl))
        if memory else Memory("none", None, None),
        limits=AgentLimits(limits.steps, limits.tokens, seconds(limits.deadline), limits.context_tokens) if limits else AgentLimits(),
        address=known.addresses.container(name, spec.port, "") if spec.image else None,
    )  # fmt: skip


def caller(name: str, spec: Any, known: Known, at: Path) -> Caller | None:
    """Return what an entry calls: a route through the gateway with a key of its own, or a model; None: nothing."""
    if spec.route is not None and known.gateway is not None:
        return Caller(spec.route, None, known.gateway.address, spec.route, _key(name, known, (*at, "route")))
    if spec.model is None:
        return None
    entry, _, adapter = spec.model.partition("/")
    model = known.models[entry]
    served = spec.model if adapter else model.served_names[0]
    return Caller(None, spec.model, model.address, served, model.endpoint.token if model.endpoint else None)


def _key(name: str, known: Known, at: Path) -> SecretUse | None:
    """Return a consumer's own key: the one of its name where the gateway's secret holds one per consumer."""
    auth = known.gateway.auth if known.gateway else None
    if auth is None or auth.kind != "api_key" or auth.secret is None:
        return None
    return SecretUse(auth.secret.secret, auth.secret.key or name, at)


def team(name: str, spec: Any, known: Known) -> Team:
    """Return one team with its tasks."""
    at: Path = ("teams", name)
    objective = spec.objective
    return Team(
        name=name, at=at, framework=spec.framework, image=known.image(spec.image) if spec.image else None, port=spec.port,
        pool=known.pool(spec.pool), replicas=spec.replicas, env=environment(spec.env, known.secrets, (*at, "env")),
        members=tuple(spec.members), tasks=table(spec.tasks, lambda key, item: _task(key, item, (*at, "tasks", key))),
        minimize=objective.minimize if objective else None,
        token_budget=objective.budget.tokens if objective and objective.budget else None,
        address=known.addresses.container(name, spec.port, "") if spec.image else None,
    )  # fmt: skip


def _task(name: str, spec: Any, at: Path) -> TeamTask:
    return TeamTask(
        name, spec.agent, spec.description, spec.expects, tuple(spec.after), spec.retry.attempts if spec.retry else 0, at
    )


def app(name: str, spec: Any, known: Known) -> App:
    """Return one other container."""
    at: Path = ("apps", name)
    return App(
        name=name, at=at, image=known.image(spec.image), port=spec.port, pool=known.pool(spec.pool), replicas=spec.replicas,
        command=tuple(spec.command) if spec.command else None, env=environment(spec.env, known.secrets, (*at, "env")),
        caller=caller(name, spec, known, at), address=known.addresses.container(name, spec.port, "") if spec.port else None,
    )  # fmt: skip


def graph(name: str, spec: Any) -> Graph:
    """Return one inference graph."""
    at: Path = ("graphs", name)
    return Graph(
        name, table(spec.steps, lambda key, item: GraphStep(key, item.model, tuple(item.after), (*at, "steps", key))), at
    )


def observability(spec: Any) -> Observability:
    """Return metrics, traces, dashboards and alerts."""
    if spec is None:
        return Observability()
    metrics, tracing, dashboards, alerts = spec.metrics, spec.tracing, spec.dashboards, spec.alerts
    return Observability(
        metrics=metrics.kind if metrics else None, scrape_interval=(seconds(metrics.scrape_interval) or 15.0) if metrics else 15.0,
        tracing=tracing.kind if tracing else None, tracing_endpoint=tracing.endpoint if tracing else None,
        sample_ratio=float(tracing.sample_ratio) if tracing else 1.0, dashboards=dashboards.kind if dashboards else None,
        alerts_from_slo=alerts.from_slo if alerts else False, receiver=alerts.receiver if alerts else None,
    )  # fmt: skip
