"""Plain data → one line of YAML text that reads back as the same data, in the style of the text around it."""

from __future__ import annotations

import re
from typing import Any, Final, TypeGuard

from stackspec.scalars import resolve
from stackspec.source import Faulty, Source, load

_PLAIN = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_./@+-]*\Z")
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]')
_NAMED: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
UNREADABLE: Final = object()
"""What `parse` returns for text that is not one YAML value."""


def parse(text: str) -> Any:  # Any: YAML data
    """Return the data of a YAML value written on its own, or UNREADABLE."""
    value = _read(f"v: {text}\n", "v") if "\n" not in text.strip() else UNREADABLE
    if value is UNREADABLE:
        value = _read("v:\n" + "".join(f"  {line}\n" for line in text.splitlines()), "v")
    return value


def _read(text: str, key: str) -> Any:  # Any: YAML data
    try:
        root, faults = load(Source("", text))
    except Faulty:
        return UNREADABLE
    return root[key] if not faults and list(root) == [key] else UNREADABLE


def fitting(value: str, data: Any, *, flow: bool, quote: str = "") -> str:  # Any: YAML data
    """Return `value` as it may stand on the line of its key; written anew where it would read otherwise there.

    `quote` is the quotation mark of the text that it replaces, kept where the new value is text as well.
    """
    value = value.strip()
    if isinstance(data, str) and quote and value[:1] not in ("'", '"'):
        return quoted(data, quote)
    if "\n" in value or " #" in value or not value:
        return written(data)
    context = f"v: {{v: {value}}}\n" if flow else f"v: {value}\n"
    return value if same(_read(context, "v"), {"v": data} if flow else data) else written(data)


def written(data: Any) -> str:  # Any: YAML data
    """Return data as one line of flow YAML."""
    if is_map(data):
        return "{" + ", ".join(f"{key_text(key)}: {written(value)}" for key, value in data.items()) + "}"
    if is_list(data):
        return "[" + ", ".join(written(item) for item in data) + "]"
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, str):
        return data if _PLAIN.match(data) and isinstance(resolve(data), str) else quoted(data, '"')
    return repr(data)


def key_text(key: str, quote: str = "") -> str:
    """Return a key, plain where that is enough; keys are text whatever they look like."""
    if quote:
        return quoted(key, quote)
    return key if _PLAIN.match(key) else quoted(key, '"')


def quoted(text: str, quote: str) -> str:
    """Return text in the given quotation marks; double ones where only they can hold it."""
    if quote == "'" and not _ESCAPED.search(text.replace('"', "").replace("\\", "")):
        return "'" + text.replace("'", "''") + "'"
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _NAMED.get(char) or (f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}")


def is_map(data: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether data is a mapping."""
    return isinstance(data, dict)


def is_list(data: object) -> TypeGuard[list[Any]]:
    """Tell whether data is a list."""
    return isinstance(data, list)


def same(left: Any, right: Any) -> bool:  # Any: YAML data
    """Tell whether two documents hold the same data, types and order of keys included."""
    if is_map(left) and is_map(right):
        return list(left) == list(right) and all(same(value, right[key]) for key, value in left.items())
    if is_list(left) and is_list(right):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


def copied(data: Any) -> Any:  # Any: YAML data
    """Return plain dicts and lists that share nothing with the document."""
    if is_map(data):
        return {key: copied(value) for key, value in data.items()}
    if is_list(data):
        return [copied(item) for item in data]
    return data
