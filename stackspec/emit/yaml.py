"""Plain data → YAML that every reader understands alike, whether it follows YAML 1.1 or 1.2.

Block style, keys in the order given. A text is plain only where no reader takes it for anything else; a text of several lines
is a literal block where that is exact; anything else is double-quoted.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

_PLAIN = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./@%+=,\-]|:(?=[A-Za-z0-9_./@%+=,\-])| (?=[A-Za-z0-9_./@%+=,\-]))*")
_QUANTITY = re.compile(r"(?:[0-9]+(?:ms|s|m|h))+|[0-9]+(?:Ki|Mi|Gi|Ti)")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"})
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_LONGEST_KEY = 1000

Node = object
"""None, bool, int, float, str, a sequence or a mapping of nodes with text keys."""


def dump(data: Node, *, comment: str | None = None) -> str:
    """Return a document below its `comment`; raises TypeError and ValueError for what YAML data cannot be."""
    head = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines()) if comment else ""
    return head + "\n".join(_block(data, "")) + "\n"


def _block(data: Node, indent: str) -> Iterator[str]:
    """Yield the lines of a node that starts on a line of its own."""
    if _is_table(data) and data:
        for key, value in data.items():
            yield from _item(_key(key, indent), value, indent)
    elif _is_list(data) and data:
        for value in data:
            yield from _entry(value, indent)
    else:
        yield indent + _scalar(data, indent)


def _item(key: str, value: Node, indent: str) -> Iterator[str]:
    if (_is_table(value) or _is_list(value)) and value:
        yield key
        yield from _block(value, indent + "  ")
    else:
        yield f"{key} {_scalar(value, indent)}"


def _entry(value: Node, indent: str) -> Iterator[str]:
    """Yield an item of a list: its first line after the dash."""
    lines = _block(value, indent + "  ") if _is_table(value) or _is_list(value) else iter([_scalar(value, indent)])
    yield f"{indent}- {next(lines).removeprefix(indent + '  ')}"
    yield from lines


def _key(key: object, indent: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key is text, not {key!r}")
    text = inline(key)
    return f"{indent}? {text}\n{indent}:" if len(text) > _LONGEST_KEY else f"{indent}{text}:"


def _scalar(value: Node, indent: str) -> str:
    if isinstance(value, str):
        return _literal(value, indent) if _is_literal(value) else inline(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if _is_table(value):
        return "{}"
    if _is_list(value):
        return "[]"
    raise TypeError(f"not plain data: {value!r}")


def _float(value: float) -> str:
    """Return a float that YAML 1.1 does not take for text: it wants a dot."""
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    mantissa, mark, exponent = repr(value).partition("e")
    return mantissa + ("" if "." in mantissa else ".0") + mark + exponent


def inline(text: str) -> str:
    """Return a text on one line: plain where it is safe, else double-quoted."""
    if (_PLAIN.fullmatch(text) and text.lower() not in _WORDS) or _QUANTITY.fullmatch(text):
        return text
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _is_literal(text: str) -> bool:
    """Tell whether a literal block keeps a text exactly: several lines, no odd characters, at most one line end at its end."""
    if "\n" not in text[:-1] or text[0].isspace() or text.endswith("\n\n"):
        return False
    return not _CONTROL.search(text) and not _UNPRINTABLE.search(text) and not text.removesuffix("\n").endswith(" ")


def _literal(text: str, indent: str) -> str:
    body = "\n".join(f"{indent}  {line}" if line else "" for line in text.removesuffix("\n").split("\n"))
    return f"|{'' if text.endswith(chr(10)) else '-'}\n{body}"


def _is_table(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
