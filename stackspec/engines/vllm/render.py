"""A launch in vLLM's own forms: words of a command line, and the YAML that `--config` reads.

`--config` turns a file into words; what it cannot turn it drops, or takes for the model's name, in silence. So the file says
`no-x: true` for what is off, has JSON as strings and no null. It lacks what has no safe spelling there (values that begin with
`-`, options given twice, values known only at run time, `--omni`): `beside` gives those as words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from stackspec.catalog.releases import numbers
from stackspec.engines import Word
from stackspec.engines.vllm.omni import OMNI
from stackspec.engines.vllm.release import Kind, release
from stackspec.ir.stack import Flag, Json, Launch, Product, ProjectFile, Runtime

Locate = Callable[[ProjectFile], str]
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./+-]*")
_RESERVED = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null", "none"))
_SAFE_LISTS = (0, 10, 2)
"""First release whose `--config` reads a list of several as several."""
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def argv(launch: Launch, path: Locate) -> tuple[Word, ...]:
    """Return the whole command line, entry point and model first."""
    return (*launch.entrypoint, *launch.positional, *_words(launch, launch.flags, path))


def beside(launch: Launch, config: str, path: Locate) -> tuple[Word, ...]:
    """Return the command line that reads `config` and says what the file cannot; `--config=FILE` would be ignored."""
    left = tuple(flag for flag in launch.flags if _line(launch, flag, path) is None)
    return (*launch.entrypoint, "--config", config, *_words(launch, left, path))


def config_file(launch: Launch, path: Locate) -> str:
    """Return the text for `--config`."""
    lines = [f"model: {scalar(word)}\n" for word in launch.positional[:1]]
    lines.extend(_line(launch, flag, path) or "" for flag in launch.flags)
    return "".join(lines)


def _words(launch: Launch, flags: tuple[Flag, ...], path: Locate) -> Iterator[Word]:
    known = release(launch.version)
    for flag in flags:
        name = flag.name.replace("_", "-")
        if isinstance(flag.value, Runtime | Product):
            yield from (f"--{name}", (flag.value,))
            continue
        value = path(flag.value) if isinstance(flag.value, ProjectFile) else flag.value
        kind = known.kind(flag.name, value)
        if value is True and kind in ("flag", "switch", "optional"):
            yield f"--{name}"
        elif value is False and kind in ("flag", "switch"):
            yield from (f"--no-{name}",) if kind == "flag" else ()
        elif kind == "append":
            for text in texts(value):
                yield from _pair(name, text)
        elif kind == "list" and len(texts(value)) != 1:
            yield from (f"--{name}", *texts(value)) if texts(value) else ()
        else:
            yield from _pair(name, texts(value)[0] if kind == "list" else text_of(value, kind))


def _pair(name: str, text: str) -> tuple[str, ...]:
    return (f"--{name}={text}",) if text.startswith("-") else (f"--{name}", text)


def _line(launch: Launch, flag: Flag, path: Locate) -> str | None:
    """Return the lines of one flag; empty: nothing needs to be said; None: only words can say it."""
    name = flag.name.replace("_", "-")
    if isinstance(flag.value, Runtime | Product) or flag.name == OMNI:
        return None
    value = path(flag.value) if isinstance(flag.value, ProjectFile) else flag.value
    kind = release(launch.version).kind(flag.name, value)
    if isinstance(value, bool) and kind in ("flag", "switch"):
        return f"{name}: true\n" if value else f"no-{name}: true\n" if kind == "flag" else ""
    if kind == "optional" and value is True:
        return f"{name}: true\n"
    if kind in ("list", "append"):
        items = texts(value)
        split = kind == "append" or numbers(launch.version) < _SAFE_LISTS
        if any(item.startswith("-") for item in items) or (split and len(items) > 1):
            return None
        return f"{name}:\n" + "".join(f"  - {scalar(item)}\n" for item in items) if items else ""
    text = text_of(value, kind)
    if text.startswith("-"):
        return None
    return f"{name}: {text if isinstance(value, int | float) and not isinstance(value, bool) else scalar(text)}\n"


def texts(value: Json) -> tuple[str, ...]:
    """Return the items of an option that takes several, each as one word."""
    items = value if isinstance(value, list) else [value]
    return tuple(text_of(item, "value") for item in items)


def text_of(value: Json, kind: Kind) -> str:
    """Return a value as one word: text as it is, everything else as JSON, compact and with sorted keys."""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def scalar(text: str) -> str:
    """Return text as a YAML 1.1 scalar that reads back as that very text: `00123`, `1e9` and `yes` stay words."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    if text.isascii() and text.isprintable() and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_character(character) for character in text) + '"'


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
