"""What differs between environments, of what the page shows: a reader compares the tables no further."""

from __future__ import annotations

from collections.abc import Iterator

from .rows import UNPINNED
from .view import Cell, Difference, EnvironmentView

NOWHERE = "–"
_CODE = frozenset({"address", "image", "source", "pin", "instance", "serving", "namespace", "published port"})

Facts = dict[str, dict[str, str]]
"""Field → text, by subject."""


def differences(views: tuple[EnvironmentView, ...]) -> tuple[Difference, ...]:
    """Return what differs, in the order of the page; what is missing somewhere comes first."""
    facts = [_facts(view) for view in views]
    subjects = list(dict.fromkeys(subject for each in facts for subject in each))
    missing = [subject for subject in subjects if any(subject not in each for each in facts)]
    found = [Difference(name, tuple(Cell("yes" if name in each else NOWHERE) for each in facts)) for name in missing]
    for subject in subjects:
        found += _fields(subject, [each.get(subject) for each in facts])
    return tuple(found)


def _fields(subject: str, present: list[dict[str, str] | None]) -> Iterator[Difference]:
    for field in dict.fromkeys(field for values in present for field in values or {}):
        if len({values.get(field, "") for values in present if values is not None}) > 1:
            yield Difference(f"{subject}: {field}", tuple(_cell(field, (values or {}).get(field)) for values in present))


def _cell(field: str, text: str | None) -> Cell:
    return Cell(text, field in _CODE and text != UNPINNED) if text else Cell(NOWHERE)


def _facts(view: EnvironmentView) -> Facts:
    """Return the texts of one environment; what follows from others, such as memory from an accelerator, is left out."""
    found: Facts = {
        "cluster": {"runs on": view.cluster, "namespace": view.namespace, "serving": view.serving, "targets": view.targets},
    }
    for part in view.parts:
        kind = part.kind.partition(" (")[0]
        texts = {"kind": part.kind, "address": part.address, "published port": part.published, "image": part.image}
        found[part.name if kind == part.name else f"{kind} {part.name}"] = {
            **texts,
            "replicas": part.replicas,
            "pool": part.pool,
        }
    for model in view.models:
        texts = {
            "source": model.source,
            "pin": model.pin,
            "engine": model.engine,
            "context": model.context,
            "split": model.split,
        }
        texts |= {"replicas": model.replicas, "pool": model.pool}
        found.setdefault(f"model {model.name} {model.role}".rstrip(), {}).update(texts)
    for start in view.starts:
        found.setdefault(f"model {start.name}", {})["start-up, seconds"] = f"{start.low} to {start.high}"
    for pool in view.pools:
        texts = {"accelerators per node": pool.accelerator, "instance": pool.instance, "nodes": pool.nodes}
        found[f"pool {pool.name}"] = {**texts, "accelerators at most": pool.room, "accelerators asked for": pool.asked}
    for secret in view.secrets:
        found[f"secret {secret.name}"] = {"comes from": secret.origin}
    return found
