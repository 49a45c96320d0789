"""Where a value came from: the file, an overlay, an inherited entry, a catalog fact, a derivation or a default."""

from __future__ import annotations

from typing import Any

from stackspec import catalog
from stackspec.check import Checked
from stackspec.emit.plain import plain
from stackspec.ir.path import pointer
from stackspec.literals import suspicious
from stackspec.places import Tree
from stackspec.source import Map, Mark, Seq

_DERIVED = {
    "context_length": "context", "gpu_memory_utilization": "memory_share", "replicas": "scale", "autoscale": "scale", "pool": "pool",
    "engine": "engine", "rollout": "rollout", "drain": "drain", "parallelism": "parallelism", "port": "port", "health": "estimate",
}  # fmt: skip
"""Key of a model → the field of its group that holds what the compiler decided."""


def origin(checked: Checked, environment: str, steps: list[str]) -> dict[str, Any]:
    """Return value and origin of a place in one environment, as `explain` prints them."""
    document = checked.documents[environment]
    node, mark = _written(document, steps)
    if mark is not None:
        source, key_start, _, _, _ = mark
        line, column, _ = source.position(key_start)
        shown = "***" if isinstance(node, str) and suspicious(steps[-1], node) else _redacted(node)
        return _row(
            environment,
            shown,
            _written_how(checked, environment, steps, mark),
            f"{source.name}:{line}:{column}",
        )
    derived = _derived(checked, environment, steps)
    if derived is not None:
        return _row(environment, derived[0], derived[1], "")
    return _row(environment, None, "not set, and the default holds", "")


def _row(environment: str, value: Any, how: str, at: str) -> dict[str, Any]:
    return {"environment": environment, "value": value, "origin": how, "at": at}


def _written(document: Map, steps: list[str]) -> tuple[Any, Any]:
    node: Any = document
    mark: Any = None
    for step in steps:
        if isinstance(node, Map) and step in node:
            mark, node = node.marks[step], node[step]
        elif isinstance(node, Seq) and step.isdigit() and int(step) < len(node):
            mark, node = node.marks[int(step)], node[int(step)]
        else:
            return None, None
    return node, mark


def _written_how(checked: Checked, environment: str, steps: list[str], mark: Mark) -> str:
    """Say how a written value came to stand here, by the place in the file where it was written."""
    source, key_start, _, start, _ = mark
    tree = Tree(source)
    written = pointer(tree.nodes[tree.numbers[(key_start, start)]].path)
    own = pointer(tuple(steps))
    if written == own:
        return "written in the file" if source.name == checked.spec else "written in a file that this one extends"
    if not written.startswith("/environments/"):
        return f"inherited from `{written}`"
    name = written.split("/")[2]
    how = f"written in the overlay `{name}`" + ("" if name == environment else f", which `{environment}` extends")
    return how if written == f"/environments/{name}{own}" else f"{how}, inherited from another entry"


def _redacted(node: Any) -> Any:
    if isinstance(node, Map):
        return {
            key: "***" if isinstance(value, str) and suspicious(key, value) else _redacted(value) for key, value in node.items()
        }
    return [_redacted(item) for item in node] if isinstance(node, Seq) else node


def _derived(checked: Checked, environment: str, steps: list[str]) -> tuple[Any, str] | None:
    """Return what the Stack decided where the document says nothing."""
    stack = checked.stacks.get(environment)
    if stack is None or len(steps) < 3 or steps[0] != "models" or steps[1] not in stack.models:
        return None
    model = stack.models[steps[1]]
    if steps[2] == "context_length" and model.context is not None and model.facts is not None:
        origin = "the catalog" if model.facts == catalog.model(model.facts.name) else "stackspec.lock"
        return model.context, f"a fact of {origin} about {model.facts.name} ({model.facts.source})"
    if steps[2] == "served_names":
        return list(model.served_names), "derived from the entry's name"
    field = _DERIVED.get(steps[2])
    if field is None or not model.groups:
        return None
    value = getattr(model.groups[0], field)
    if value is None:
        return None
    shown = value.name if steps[2] in ("pool", "engine") else plain(value)
    return shown, "derived by the compiler"
