"""Who reaches which model: routes, agents and their needs, seen from the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stackspec.ir.record import replace
from stackspec.resolve.models import Reached

if TYPE_CHECKING:
    from stackspec.spec.document import Spec


def reached(spec: Spec) -> dict[str, Reached]:
    """Return what routes and agents ask of each model that any of them reaches."""
    found: dict[str, Reached] = {}
    routes = spec.gateway.routes if spec.gateway else {}
    for route in routes.values():
        tokens = route.validation.max_output_tokens if route.validation else None
        for name in models_of(spec, route):
            old = found.get(name, Reached())
            answer = max(tokens, old.answer or 0) if tokens else old.answer
            found[name] = replace(old, routed=True, answer=answer)
    for agent in spec.agents.values():
        thinks = bool(agent.strategy and agent.strategy.kind == "chain_of_thought")
        targets = models_of(spec, routes[agent.route]) if agent.route in routes else [agent.model] if agent.model else []
        for name in targets:
            entry = name.partition("/")[0]
            old = found.get(entry, Reached())
            found[entry] = replace(old, tools=old.tools or bool(agent.tools), reasoning=old.reasoning or thinks)
    return found


def models_of(spec: Spec, route: Any) -> list[str]:
    """Return the models that answer a route: by weight, by rule, as fallback, or as the last step of a graph."""
    names: list[str] = []
    for backend in _backends(route):
        if backend.model:
            names.append(backend.model)
        elif backend.graph in spec.graphs:
            names += [step.model for step in spec.graphs[backend.graph].steps.values()]
    names += route.fallback or []
    return sorted({name.partition("/")[0] for name in names})


def _backends(route: Any) -> Iterator[Any]:
    yield from route.backends
    for rule in route.rules or ():
        yield from rule.backends
