"""Choices of an environment that do not go together: serving modes and targets with the kind of cluster, former names with living ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.serving import mode
from stackspec.target import target

if TYPE_CHECKING:
    from stackspec.spec.document import Spec

_SECTIONS = ("models", "graphs", "retrieval", "tools", "agents", "teams", "apps")


def mismatches(spec: Spec) -> Iterator[Finding]:
    """Yield every choice that the kind of cluster rules out, and every former name that is taken."""
    yield from _modes(spec)
    yield from _targets(spec)
    for section in _SECTIONS:
        yield from _renamed(getattr(spec, section), (section,))
    yield from _renamed(spec.cluster.pools, ("cluster", "pools"))
    for name, route in sorted(spec.gateway.routes.items()) if spec.gateway else ():
        at: Path = ("gateway", "routes", name)
        yield from _backends(route.backends, (*at, "backends"))
        for index, rule in enumerate(route.rules or ()):
            yield from _backends(rule.backends, (*at, "rules", index, "backends"))
    for section in ("agents", "apps"):
        yield from _callers(getattr(spec, section), (section,))


def _modes(spec: Spec) -> Iterator[Finding]:
    places: dict[str, Path] = {}
    if spec.cluster.serving:
        places[spec.cluster.serving] = ("cluster", "serving")
    for name in sorted(spec.models):
        chosen = spec.models[name].serving
        if chosen:
            places.setdefault(chosen, ("models", name, "serving"))
    for name, place in places.items():
        owner = mode(name)
        if owner is not None and spec.cluster.kind not in owner.kinds:
            yield Finding(
                f"the serving mode `{name}` does not exist under `{spec.cluster.kind}`, only under {_listed(owner.kinds)}",
                place, hint="leave it out: the kind of cluster has a mode of its own",
                because=(_kind(spec),), code="serving-mode-elsewhere", severity="error",
            )  # fmt: skip


def _targets(spec: Spec) -> Iterator[Finding]:
    for name in sorted(spec.targets):
        chosen = target(name) if spec.targets[name] is not None else None
        if chosen is not None and spec.cluster.kind not in chosen.kinds:
            yield Finding(
                f"the target `{name}` delivers to {_listed(chosen.kinds)}, and this cluster is of the kind `{spec.cluster.kind}`",
                ("targets", name), hint=f"remove it here: `{name}: null` in an environment that inherits it",
                because=(_kind(spec),), code="target-kind-mismatch", severity="error", on="key",
            )  # fmt: skip


def _renamed(entries: Mapping[str, Any], at: Path) -> Iterator[Finding]:
    former: dict[str, str] = {}
    for name in sorted(entries):
        old = entries[name].renamed_from
        if old is None:
            continue
        place, other = (*at, name, "renamed_from"), old if old in entries else former.get(old)
        if other is not None:
            what = "still exists" if old in entries else f"is the former name of `{other}` already"
            yield Finding(
                f"`{name}` was renamed from `{old}`, which {what}", place,
                hint="remove `renamed_from`, or the entry of the old name",
                because=(Because("this entry" if old in entries else "this one too", (*at, other)),),
                code="renamed-from-exists", severity="error",
            )  # fmt: skip
        former.setdefault(old, name)


def _backends(backends: list[Any], at: Path) -> Iterator[Finding]:
    """Yield each backend that does not name exactly one of model and graph."""
    for index, item in enumerate(backends):
        if (item.model is None) != (item.graph is None):
            continue
        place, both = (*at, index), item.model is not None
        because = (Because("a model", (*place, "model")), Because("a graph", (*place, "graph"))) if both else ()
        yield Finding(
            f"a backend is one model or one graph, and this one names {'both' if both else 'neither'}", place,
            hint="write one backend for each, with weights" if both else "add `model: …`",
            because=because, code="model-or-graph", severity="error",
        )  # fmt: skip


def _callers(entries: Mapping[str, Any], at: Path) -> Iterator[Finding]:
    """Yield each caller that names both a route and a model."""
    for name in sorted(entries):
        item, place = entries[name], (*at, name)
        if item.route is not None and item.model is not None:
            yield Finding(
                f"`{name}` calls a route and a model, and can call only one", place,
                hint="keep `route`: it goes through the gateway",
                because=(Because("a route", (*place, "route")), Because("a model", (*place, "model"))),
                code="route-or-model", severity="error", on="key",
            )  # fmt: skip


def _kind(spec: Spec) -> Because:
    return Because(f"the kind is `{spec.cluster.kind}`", ("cluster", "kind"))


def _listed(kinds: frozenset[str]) -> str:
    return " and ".join(f"`{kind}`" for kind in sorted(kinds))
