"""Stack → the request path: client, hops, gateway, routes, models and pools; agents with what they call."""

from __future__ import annotations

from stackspec.ir.stack import Agent, App, Backend, Caller, Model, Pool, Retrieval, Route, Stack

from .rows import store_name
from .view import Edge, Graph, Node


def graph(stack: Stack) -> Graph:
    """Return the diagram of one environment."""
    drawing = _Drawing()
    _front(drawing, stack)
    for name, model in stack.models.items():
        _model(drawing, name, model)
    for corpus in stack.retrieval.values():
        _corpus(drawing, corpus)
    _users(drawing, stack)
    return Graph(tuple(drawing.nodes.values()), tuple(dict.fromkeys(drawing.edges)))


class _Drawing:
    """Collects nodes by what they stand for, and edges between them."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[str, str], Node] = {}
        self.edges: list[Edge] = []

    def node(self, kind: str, name: str, detail: str = "", shape: str = "box") -> str:
        """Return the id of a node, drawing it at its first mention."""
        key = (kind, name)
        if key not in self.nodes:
            self.nodes[key] = Node(f"{kind}_{len(self.nodes)}", name, detail, shape)
        return self.nodes[key].id

    def edge(self, source: str, target: str, label: str = "", *, dotted: bool = False) -> None:
        self.edges.append(Edge(source, target, label, dotted))


def _front(drawing: _Drawing, stack: Stack) -> None:
    """Draw the way from a client to the models."""
    client = drawing.node("client", "client", shape="round")
    gateway = stack.gateway
    if gateway is None:
        called = {caller.model for caller in _callers(stack) if caller.model}
        for name, model in stack.models.items():
            if name not in called and not model.endpoint:
                drawing.edge(client, _model_node(drawing, model))
        return
    at = client
    for hop in gateway.hops:
        name = drawing.node("hop", hop.name)
        drawing.edge(at, name)
        at = name
    entry = drawing.node("gateway", f"gateway ({gateway.kind})", gateway.address.url)
    drawing.edge(at, entry, ", ".join(gateway.hosts))
    for route in gateway.routes.values():
        _route(drawing, entry, route, stack)


def _route(drawing: _Drawing, entry: str, route: Route, stack: Stack) -> None:
    node = drawing.node("route", route.name, "route", "round")
    drawing.edge(entry, node)
    total = sum(backend.weight for backend in route.backends)
    for backend in route.backends:
        share = f"{100 * backend.weight / total:g} %" if len(route.backends) > 1 and total else ""
        drawing.edge(node, _backend(drawing, backend, stack), share)
    for rule in route.rules:
        label = ", ".join(f"{name} = {value}" for name, value in sorted(rule.headers.items()))
        for backend in rule.backends:
            drawing.edge(node, _backend(drawing, backend, stack), label)
    for backend in route.fallback:
        drawing.edge(node, _backend(drawing, backend, stack), "fallback", dotted=True)
    if route.content_safety and route.content_safety.model in stack.models:
        guard = _model_node(drawing, stack.models[route.content_safety.model])
        drawing.edge(node, guard, f"content safety, {route.content_safety.direction}", dotted=True)


def _backend(drawing: _Drawing, backend: Backend, stack: Stack) -> str:
    if backend.kind == "graph":
        node = drawing.node("graph", backend.name, "inference graph", "round")
        for step in stack.graphs[backend.name].steps.values():
            drawing.edge(node, _model_node(drawing, stack.models[step.model]), step.name)
        return node
    return _model_node(drawing, stack.models[backend.model])


def _model_node(drawing: _Drawing, model: Model) -> str:
    if model.endpoint:
        return drawing.node("model", model.name, f"{model.endpoint.model}, elsewhere", "round")
    return drawing.node("model", model.name, model.source.location if model.source else "")


def _model(drawing: _Drawing, name: str, model: Model) -> None:
    node = _model_node(drawing, model)
    for group in model.groups:
        drawing.edge(node, _pool_node(drawing, group.pool), "" if group.role == "serve" else group.role)


def _pool_node(drawing: _Drawing, pool: Pool) -> str:
    detail = f"{pool.gpus_per_node} × {pool.accelerator.name}" if pool.accelerator else "no accelerator"
    return drawing.node("pool", pool.name, detail, "pool")


def _corpus(drawing: _Drawing, corpus: Retrieval) -> None:
    drawing.node("store", store_name(corpus.store), corpus.store.kind, "store")


def _users(drawing: _Drawing, stack: Stack) -> None:
    """Draw agents, teams and apps with what each calls."""
    for agent in stack.agents.values():
        node = drawing.node("agent", agent.name, f"agent ({agent.framework})")
        _call(drawing, node, agent.caller, stack)
        for tool in dict.fromkeys(name.partition(".")[0] for name in agent.tools):
            drawing.edge(node, drawing.node("tool", tool, "tool"))
        for name in agent.retrieval:
            _search(drawing, node, stack.retrieval[name], stack)
        for other in agent.delegates_to:
            drawing.edge(
                node, drawing.node("agent", other, f"agent ({stack.agents[other].framework})"), "delegates", dotted=True
            )
    for team in stack.teams.values():
        node = drawing.node("team", team.name, f"team ({team.framework})")
        for member in team.members:
            drawing.edge(node, drawing.node("agent", member))
    for app in stack.apps.values():
        _call(drawing, drawing.node("app", app.name, "app"), app.caller, stack)


def _search(drawing: _Drawing, node: str, corpus: Retrieval, stack: Stack) -> None:
    drawing.edge(node, drawing.node("store", store_name(corpus.store)), "search")
    for model, label in ((corpus.embed_model, "embed"), (corpus.rerank_model, "rerank")):
        if model:
            drawing.edge(node, _model_node(drawing, stack.models[model]), label)


def _call(drawing: _Drawing, node: str, caller: Caller | None, stack: Stack) -> None:
    """Draw a call: through the gateway where the caller names a route of it."""
    if caller and caller.route and stack.gateway:
        drawing.edge(node, drawing.node("gateway", f"gateway ({stack.gateway.kind})"), caller.route)
    elif caller and caller.model and caller.model in stack.models:
        drawing.edge(node, _model_node(drawing, stack.models[caller.model]))


def _callers(stack: Stack) -> list[Caller]:
    users: list[Agent | App] = [*stack.agents.values(), *stack.apps.values()]
    return [user.caller for user in users if user.caller]
