"""The few functions that the baked schema calls while it validates: cheap, importable without pydantic."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

_seen: dict[tuple[type, int], tuple[Any, Any]] = {}
_entries: dict[tuple[Any, int], tuple[Any, Any]] = {}


def shape_of(value: object) -> str:
    """Tell whether a value is a `mapping`, a `list` or a `scalar`: the discriminator of unions without a `kind`."""
    if isinstance(value, dict):
        return "mapping"
    return "list" if isinstance(value, list) else "scalar"


def once(value: Any, handler: Callable[[Any], Any], cls: type) -> Any:
    """Validate a mapping once: environments share the subtrees that no overlay touches, as the same object."""
    key = (cls, id(value))
    known = _seen.get(key)
    if known is not None and known[0] is value:
        return known[1]
    result = handler(value)
    if type(value) is not cls:
        _seen[key] = (value, result)
    return result


def _mapping(value: object) -> bool:
    return isinstance(value, dict)


def entries_once(value: Any, handler: Callable[[Any], Any]) -> Any:
    """Validate a mapping of entries: one that is unchanged as a whole is not looked at, else those that are new."""
    known = _seen.get((dict, id(value)))
    if known is not None and known[0] is value:
        return known[1]
    if not _mapping(value):
        return handler(value)
    entries: dict[Any, Any] = value
    old = {name: _entries.get((name, id(entry))) for name, entry in entries.items()}
    new: dict[Any, Any] = handler({name: entry for name, entry in entries.items() if old[name] is None})
    _entries.update(
        {(name, id(entries[name])): (entries[name], made) for name, made in new.items() if isinstance(entries[name], dict)}
    )
    result = {name: new[name] if row is None else row[1] for name, row in old.items()}
    _seen[dict, id(value)] = (value, result)
    return result


def validated_once(cls: type, schema: Any) -> Any:
    """Wrap the schema of a section so that an unchanged mapping is validated once, however many environments share it."""
    if schema.get("type") == "function-wrap":
        return schema
    return {
        "type": "function-wrap",
        "function": {"type": "no-info", "function": entries_once if cls is dict else functools.partial(once, cls=cls)},
        "schema": schema,
    }


_NO_ENTRIES: dict[str, Any] = {}
_NO_ITEMS: list[Any] = []


def no_entries() -> dict[str, Any]:
    """Return the one empty mapping that stands for every mapping that is not written; nobody changes a document."""
    return _NO_ENTRIES


def no_items() -> list[Any]:
    """Return the one empty list that stands for every list that is not written."""
    return _NO_ITEMS


def forget() -> None:
    """Drop what `once` remembers; a long-lived process calls it between runs."""
    _seen.clear()
    _entries.clear()
