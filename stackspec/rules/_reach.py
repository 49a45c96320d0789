"""What routes and callers reach: models by weight, by rule, as fallback, or through a graph."""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.ir.stack import Backend, Caller, Model, Route, Stack


@record
class Reached:
    """A model that requests can reach; `at` is where the route or the caller names it."""

    model: Model
    at: Path


def backends(route: Route) -> Iterator[Backend]:
    """Yield every backend that a request to a route can end at; a weight of 0 receives none."""
    for backend in (*route.backends, *(item for rule in route.rules for item in rule.backends)):
        if backend.weight > 0:
            yield backend
    yield from route.fallback


def of_route(stack: Stack, route: Route) -> tuple[Reached, ...]:
    """Return each model that a route can reach, once, in the order of the text."""
    found: dict[str, Reached] = {}
    for backend in backends(route):
        for name in models_of(stack, backend):
            model = stack.models.get(name)
            if model is not None and name not in found:
                found[name] = Reached(model, backend.at)
    return tuple(found.values())


def of_caller(stack: Stack, caller: Caller | None, at: Path) -> tuple[Reached, ...]:
    """Return each model that an agent or app at `at` can reach, once."""
    if caller is None:
        return ()
    if caller.route is not None and stack.gateway is not None:
        return of_route(stack, stack.gateway.routes[caller.route])
    name = (caller.model or "").partition("/")[0]
    return (Reached(stack.models[name], (*at, "model")),) if name in stack.models else ()


def context_at(model: Model) -> Path:
    """Return where it is said how long a model's sequences may be: its own words, else the model whose facts say it."""
    known = model.facts.max_context if model.facts else None
    return (*model.at, "model") if known is not None and model.context == known else (*model.at, "context_length")


def models_of(stack: Stack, backend: Backend) -> tuple[str, ...]:
    """Return the models that one backend can end at."""
    if backend.kind != "graph":
        return (backend.model,)
    graph = stack.graphs.get(backend.name)
    return tuple(step.model.partition("/")[0] for step in graph.steps.values()) if graph else ()
