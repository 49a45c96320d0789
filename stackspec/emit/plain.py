"""Records as plain data, for `show`, `catalog` and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stackspec.ir.path import dotted
from stackspec.ir.record import fields, is_record


def plain(value: Any) -> Any:  # Any: any record in, plain data out
    """Return a record as mappings, lists and scalars; places in the spec become dotted text."""
    if is_record(value):
        return {
            name: _place(item) if name == "at" else plain(item)
            for name in fields(value)
            if not _empty(item := getattr(value, name))
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value


def _place(value: Any) -> Any:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return [dotted(item) for item in value]
    return dotted(value) if isinstance(value, tuple) else value


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, (tuple, Mapping)) and not value)
