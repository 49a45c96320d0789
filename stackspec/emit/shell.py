"""Words of a POSIX shell."""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*")
_SPECIAL: Final = re.compile(r"['$`]")
_ESCAPED: Final = re.compile(r'["$`\\]')
_UNSPOKEN: Final = re.compile(r"[^A-Za-z0-9 _.,:()/@+=-]")


def quote(text: str) -> str:
    """Return one word that the shell reads back as `text`; raises ValueError for NUL, which no argument can hold."""
    if "\0" in text:
        raise ValueError("no argument can hold NUL")
    if _PLAIN.fullmatch(text):
        return text
    return f"'{text}'" if _SPECIAL.search(text) is None else '"' + _ESCAPED.sub(r"\\\g<0>", text) + '"'


def spoken(text: str) -> str:
    """Return text for a comment or a message inside `${NAME:?…}`: a character that could end it or be expanded becomes `?`."""
    return _UNSPOKEN.sub("?", text)
