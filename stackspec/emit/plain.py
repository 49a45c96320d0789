"""Records as plain data, for `show`, `catalog` and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stackspec.ir.path import dotted
from stackspec.ir.record import fields, is_record


def plain(value: Any) -> Any:  # Any: any record in, plain data out
    """Return a record as mappings, lists and scalars; places in the spec become dotted text, what is empty is left out."""
    if is_record(value):
        parts = {name: getattr(value, name) for name in fields(value)}
        return {name: _place(part) if name == "at" else plain(part) for name, part in parts.items() if not _empty(part)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in _items(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in _each(value)]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in _each(value))
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    return value.items()  # type: ignore[no-any-return]  # a mapping of anything


def _each(value: Any) -> Iterable[Any]:
    return value  # type: ignore[no-any-return]  # a collection of anything


def _place(value: Any) -> Any:
    """Return a path, or several, as dotted text."""
    if isinstance(value, tuple) and value and isinstance(next(iter(_each(value))), tuple):
        return [dotted(item) for item in _each(value)]
    return dotted(tuple(_each(value))) if isinstance(value, tuple) else value


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, (tuple, Mapping)) and not value)
