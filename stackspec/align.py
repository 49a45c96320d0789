"""Deployments of all environments → one alignment: what is equal, what varies, what exists only somewhere.

Law: `project(align(ds), e) == ds[e]`, with `1`, `1.0` and `True` told apart. Generic over records, mappings, tuples and leaves:
records and mappings are aligned part by part; tuples that differ move whole, as lists do in every overlay that people write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from stackspec.ir.family import Aligned, Node, Only, Same, Table, Varies
from stackspec.ir.record import fields, is_record


def align(by: Mapping[str, object]) -> Aligned:
    """Return the alignment of one value for each environment; raises ValueError where there is none."""
    if not by:
        raise ValueError("nothing to align")
    values = tuple(by.values())
    first = values[0]
    if all(value is first for value in values):
        return Same(first)
    if is_record(first) and all(type(value) is type(first) for value in values):
        return _node(type(first), by)
    if all(_is_table(value) for value in values):
        return _table({name: value for name, value in by.items() if _is_table(value)})
    return Same(first) if all(_equal(first, value) for value in values) else Varies(dict(by))


def project(aligned: Aligned, environment: str) -> object:
    """Return what one environment has; raises KeyError for an environment that was not aligned."""
    match aligned:
        case Same(value):
            return value
        case Varies(by_environment):
            return by_environment[environment]
        case Node(cls, parts):
            return cls(**{name: project(part, environment) for name, part in parts.items()})
        case Table(items):
            return {key: project(item, environment) for key, item in items.items() if _there(item, environment)}
        case Only(_, inner):
            return project(inner, environment)


def _node(cls: type, by: Mapping[str, object]) -> Aligned:
    parts = {name: align({key: getattr(value, name) for key, value in by.items()}) for name in fields(cls)}
    return Same(next(iter(by.values()))) if _all_same(parts) else Node(cls, parts)


def _table(tables: Mapping[str, Mapping[str, object]]) -> Aligned:
    """Align mappings key by key, in the order in which keys are first seen."""
    keys = dict.fromkeys(key for table in tables.values() for key in table)
    items: dict[str, Aligned] = {}
    for key in keys:
        having = {name: table[key] for name, table in tables.items() if key in table}
        inner = align(having)
        items[key] = inner if len(having) == len(tables) else Only(tuple(having), inner)
    return Same(next(iter(tables.values()))) if _all_same(items) else Table(items)


def _all_same(parts: Mapping[str, Aligned]) -> bool:
    return all(isinstance(part, Same) for part in parts.values())


def _there(item: Aligned, environment: str) -> bool:
    return not isinstance(item, Only) or environment in item.environments


def _equal(one: object, other: object) -> bool:
    """Tell whether two values would be written down alike: `1` is neither `1.0` nor `True`, and `-0.0` is not `0.0`."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if _is_sequence(one) and _is_sequence(other):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, float):
        return repr(one) == repr(other)
    if is_record(one) or _is_table(one):
        return isinstance(align({"one": one, "other": other}), Same)
    return one == other


def _is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _is_sequence(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, (tuple, list))
