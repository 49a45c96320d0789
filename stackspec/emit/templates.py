"""Jinja for formats without a parser. A template only prints values that passed a quoting filter, so text never becomes syntax."""

from __future__ import annotations

import functools
import re
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from stackspec.ir.record import record

if TYPE_CHECKING:
    from jinja2 import Environment

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>&|~$#!{}@]|:(?=[^\s\d])|(?<=www)\.|^[-+=]", re.IGNORECASE)
_ITEM: Final = re.compile(r"^([0-9]+)([.)])(?=\s|$)")
_PLAIN_CODE: Final = re.compile(r"[^`|\\\s]+( [^`|\\\s]+)*")
_NUMBER: Final = re.compile(r"[0-9A-Za-z]")
_LABEL: Final = re.compile(r"[A-Za-z0-9 ,_/()]")
_INNER: Final = re.compile(r"(?<=[A-Za-z0-9])[.:-](?=[A-Za-z0-9])")
_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@record
class Quoted:
    """Text that is safe where its `syntax` is read."""

    text: str
    syntax: str

    def __str__(self) -> str:
        return self.text


def markdown(text: str) -> Quoted:
    """Quote text of a paragraph, heading or table cell of Markdown (GitHub's flavour): no markup, HTML, links or line ends."""
    escaped = _MARKDOWN.sub(lambda found: f"\\{found[0]}", _one_line(text))
    return Quoted(_ITEM.sub(r"\1\\\2", escaped), "markdown")


def code(text: str) -> Quoted:
    """Quote text as inline code of Markdown, in a table cell or outside of one."""
    line = _one_line(text)
    if _PLAIN_CODE.fullmatch(line):
        return Quoted(f"`{line}`", "markdown")
    return Quoted(f"<code>{''.join(_entity(character, '&#', _NUMBER) for character in line)}</code>", "markdown")


def mermaid(text: str) -> Quoted:
    """Quote text of a label that stands between double quotes in a Mermaid diagram."""
    line = _one_line(text)
    inner = {found.start() for found in _INNER.finditer(line)}
    characters = (character if index in inner else _entity(character, "#", _LABEL) for index, character in enumerate(line))
    return Quoted("".join(characters), "mermaid")


def number(value: int | float) -> Quoted:
    """Quote a number; it is the same in every syntax."""
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    return Quoted(f"{value:g}" if isinstance(value, float) else str(value), "number")


def identifier(text: str) -> Quoted:
    """Quote a name that we made ourselves; raises ValueError for any other."""
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(f"not an identifier: {text!r}")
    return Quoted(text, "identifier")


def anchor(text: str) -> Quoted:
    """Quote text as the target of a link within a page; equal texts give equal anchors."""
    return Quoted(
        re.sub(r"[^a-z0-9]+", lambda found: "-" if found[0] == "-" else f"-{found[0].encode().hex()}-", text), "anchor"
    )


def render(folder: FilePath, name: str, view: object) -> str:
    """Return the text of the template `name` of a folder for one view."""
    return _environment(folder).get_template(name).render(view=view)


@functools.cache
def _environment(folder: FilePath) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, finalize=_finalize, autoescape=False, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    filters: Any = made.filters  # Any: Jinja declares the types of its own filters only
    filters.clear()  # they do not quote
    filters.update({quote.__name__: quote for quote in (markdown, code, mermaid, number, identifier, anchor)})
    made.globals.clear()
    return made


def _finalize(value: object) -> str:
    if not isinstance(value, Quoted):
        raise TypeError(f"a template printed {type(value).__name__} without a quoting filter: {value!r}")
    return value.text


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _entity(character: str, start: str, plain: re.Pattern[str]) -> str:
    as_it_is = plain.fullmatch(character) or (ord(character) > 127 and character.isalnum())
    return character if as_it_is else f"{start}{ord(character)};"
