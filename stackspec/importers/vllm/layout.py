"""A spec as a person would write it: sections apart, small mappings on one line, comments where something needs an eye."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stackspec.emit.yaml import dump, inline
from stackspec.ir.path import Path
from stackspec.ir.stack import Json

WIDTH = 110
_RELEASE = re.compile(r"\d+\.\d+\.\d+")
_FLOW = re.compile(r"[,\[\]{}]")
_SECTIONS = frozenset({"cluster", "engines", "models", "secrets"})
_APART = ("cluster", "models", "secrets", "targets")


def layout(document: Mapping[str, Json], comments: Mapping[Path, str], head: str) -> str:
    """Return the text of a spec below its `head`, a comment."""
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    for key, value in document.items():
        if key in _APART:
            lines.append("")
        lines += _item(key, value, (key,), comments)
    return "\n".join(lines) + "\n"


def _item(key: str, value: Json, path: Path, comments: Mapping[Path, str]) -> Iterator[str]:
    indent = "  " * (len(path) - 1)
    comment = comments.get(path)
    if comment:
        yield f"{indent}# {comment}"
    head = f"{indent}{_key(key)}:"
    below = any(len(place) > len(path) and place[: len(path)] == path for place in comments)
    line = f"{head} {_flow(value)}"
    if not below and not _block(value, path) and (len(line) <= WIDTH or not isinstance(value, (dict, list)) or not value):
        yield f"{head} {_scalar(value, indent)}" if isinstance(value, str) else line
    elif isinstance(value, dict):
        yield head
        for name, item in value.items():
            yield from _item(name, item, (*path, name), comments)
    elif isinstance(value, list):
        yield head
        yield from (f"{indent}  - {_flow(item)}" for item in value)


def _block(value: Json, path: Path) -> bool:
    """Tell whether a mapping always stands on lines of its own: sections, their entries in `models`, and roles."""
    if not isinstance(value, dict) or not value:
        return False
    section = len(path) == 1 and path[0] in _SECTIONS
    return section or path == ("cluster", "pools") or (len(path) == 2 and path[0] == "models") or path[-1] == "disaggregation"


def _scalar(text: str, indent: str) -> str:
    if _RELEASE.fullmatch(text):
        return text
    lines = dump(text).rstrip("\n").split("\n")
    return "\n".join([lines[0], *(f"{indent}{line}" if line else line for line in lines[1:])])


def _flow(value: Json) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if not isinstance(value, str):
        return dump(value).strip()
    text = inline(value)
    if _RELEASE.fullmatch(value):
        return value
    return f'"{text}"' if not text.startswith('"') and _FLOW.search(text) else text


def _key(key: str) -> str:
    text = inline(key)
    return f'"{text}"' if not text.startswith('"') and _FLOW.search(text) else text
