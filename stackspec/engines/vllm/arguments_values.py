"""Whether the value of one option is one that its release reads: type, words, bounds; what is nested is `arguments_fields`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding, Fix, Set
from stackspec.engines import Written
from stackspec.engines.vllm.features import fault
from stackspec.engines.vllm.release import Field, Option, Release, canonical
from stackspec.ir.path import Path
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Json

_HUMAN = r"(\d+(?:\.\d+)?)([kKmMgGtT])"
_IN_JSON = r'"(?:[^"\\]|\\.)*"|\b\d+(?:\.\d+)?[kKmMgGtT]\b'
"""Text, and numbers such as 64k outside of it."""
_TERA = (0, 14)
"""First release that reads `t` and `T` in numbers."""
_SHOWN = 60
_TYPES = {
    "int": "a whole number", "float": "a number", "human-int": "a whole number, such as 8192, 8k (8000) or 8K (8192)",
    "str": "text", "bool": "true or false", "map": "a mapping", "list": "a list",
}  # fmt: skip


@record
class Reading:
    """The words of one entry, and the release that reads them."""

    written: Written
    known: Release

    def given(self, name: str, *fields: str) -> Json:
        """Return the value of an option, or of a field of it, here or beneath; None where nobody gives it."""
        for args in (self.written.args, self.written.beneath):
            for found, value, _ in canonical(args, self.known):
                inner = _inner(value, fields) if found == name else None
                if inner is not None:
                    return inner
        return None

    def variable(self, name: str) -> Json:
        """Return the value of a variable as it is written."""
        return self.written.env.get(name)


def _inner(value: Json, fields: tuple[str, ...]) -> Json:
    for field in fields:
        value = value.get(field) if isinstance(value, dict) else None
    return value


def check(reading: Reading, name: str, value: Json, at: Path, dotted: int = 0) -> Iterator[Finding]:
    """Yield what is wrong with the value of an option; the last `dotted` steps of its fields are part of the key itself."""
    option = reading.known.options[name]
    if option.kind in ("flag", "switch"):  # `launch` says so where it is no boolean
        return
    if option.kind == "json":
        yield from _json(reading, name, option, value, at, dotted)
    elif option.kind in ("list", "append"):
        yield from _list(reading, name, option, value, at)
    elif not (option.kind == "optional" and isinstance(value, bool)):
        yield from _scalar(reading, name, option, value, at)


def _list(reading: Reading, name: str, option: Option, value: Json, at: Path) -> Iterator[Finding]:
    items = value if isinstance(value, list) else [value]
    if option.arity and len(items) != option.arity:
        yield fault("arg-wrong-type", f"`{name}` takes {option.arity} values, not {len(items)}", at)
    for index, item in enumerate(items):
        yield from _scalar(reading, name, option, item, (*at, index) if isinstance(value, list) else at)


def _scalar(reading: Reading, name: str, option: Option, value: Json, at: Path) -> Iterator[Finding]:
    """Yield what is wrong with one word, as the option's own reader sees it."""
    text = str(value) if type(value) in (int, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
    if option.nullable and text in ("", "None"):
        return
    if (
        option.type == "str"
        and isinstance(value, dict | list)
        and not _holds_json(name, option)
        and not judge_words().closed(name, option)
    ):
        told = f"`{name}` takes text, and vLLM reads the JSON of {_kind(value)} as its text"
        yield replace(fault("arg-wrong-type", told, at, "write the text itself"), severity="warning")
        return
    number = converted(text, option, reading.known)
    if number is None:
        yield wrong(name, value, option.type, at)
        return
    if isinstance(number, str) or option.choices or option.known:
        yield from judge_words().option(reading, name, option, number, at)
    if not isinstance(number, str):
        yield from bounded(name, number, option, at)


def judge_words() -> ModuleType:
    """Return what judges words: most options are numbers, and do not need it."""
    from stackspec.engines.vllm import arguments_words

    return arguments_words


def _holds_json(name: str, option: Option) -> bool:
    """Tell whether an option that is plain text to the parser holds JSON all the same."""
    return option.kind == "list" or option.config is not None or name in _JSON_TEXT


_JSON_TEXT = frozenset(("compilation_config", "kv_transfer_config", "kv_events_config", "limit_mm_per_prompt"))
"""Options whose readers of old releases hide what they read."""


def converted(text: str, option: Option, known: Release) -> int | float | str | None:
    """Return a word as the option's own reader returns it; None where it refuses it."""
    try:
        if option.type == "int" and option.known:  # the parser takes any text, and the engine makes a number of it
            return int(text) if "." not in text else int(float(text)) if float(text).is_integer() else None
        if option.type == "int":
            return int(text)
        if option.type == "float":
            return float(text)
        if option.type == "human-int":
            return -1 if text.strip().lower() in option.words else _human(text.strip(), known)
    except ValueError:
        return None
    return text


def _human(text: str, known: Release) -> int | None:
    """Return a number such as `25.6k` or `64K`, k being 1000 and K 1024; fractions are decimal only."""
    match = re.fullmatch(_HUMAN, text)
    if match is None:
        return int(text)
    number, suffix = match[1], match[2]
    power = "kmgt".index(suffix.lower()) + 1
    if (power == 4 and numbers(known.version) < _TERA) or ("." in number and suffix.isupper()):
        return None
    return int(float(number) * 1000**power) if suffix.islower() else int(number) * 1024**power


def _json(reading: Reading, name: str, option: Option, value: Json, at: Path, dotted: int) -> Iterator[Finding]:
    """Yield what is wrong with a JSON value, written as a mapping or as text."""
    from stackspec.engines.vllm import arguments_fields as nested

    if isinstance(value, str):
        if (option.nullable and value in ("", "None")) or (option.type == "json-or-str" and not _looks_like_mapping(value)):
            return
        parsed = _parsed(value, option, reading.known)
        if parsed is _UNREADABLE:
            yield _no_json(name, option, value, at)
            return
        value, at = parsed, inside(at)
    if option.config is None:
        return
    if isinstance(value, dict):
        yield from nested.check(reading, name, option.config, value, at, dotted)
    elif value is not None:
        yield wrong(name, value, "map", place(at))


_UNREADABLE = object()
_TEXT = "\0"
"""Last step of the place of a value that is written as JSON text: nothing inside it has a place of its own."""


def inside(at: Path) -> Path:
    """Return the place of what has none of its own inside a value: JSON text, or a key of the spec that became a flag."""
    return (*at, _TEXT)


def place(at: Path) -> Path:
    """Return the place that is shown: what stands in JSON text is shown as that text."""
    return at[: at.index(_TEXT)] if _TEXT in at else at


def _looks_like_mapping(text: str) -> bool:
    return re.match(r"(?s)^\s*{.*}\s*$", text) is not None


def _parsed(text: str, option: Option, known: Release) -> Any:  # Any: JSON, or the mark that it is none
    if known.json_human_numbers and option.config is not None and option.name != "speculative_config":
        text = re.sub(_IN_JSON, lambda match: match[0] if match[0][0] == '"' else str(_human(match[0], known)), text)
    try:
        return json.loads(text)
    except ValueError:
        return _UNREADABLE


def _no_json(name: str, option: Option, value: str, at: Path) -> Finding:
    listed = isinstance(option.default, list)
    found = fault("arg-wrong-type", f"`{name}` takes {'a list' if listed else 'a mapping'}, not `{_shown(value)}`", at)
    if not listed:
        return replace(found, hint="write a mapping, or its JSON")
    text = json.dumps([value])
    return replace(found, hint=f"write `{text}`", fix=Fix((Set(at, text),)))


def wrong(name: str, value: Json, wanted: str, at: Path) -> Finding:
    """Return the fault of a value of another type; `wanted` may name several, with `|` between them."""
    told = " or ".join(_TYPES[kind] for kind in wanted.split("|"))
    return fault("arg-wrong-type", f"`{name}` takes {told}, not {_kind(value)}", place(at))


def _kind(value: Json) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"`{_shown(json.dumps(value, ensure_ascii=False))}`"


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def bounded(name: str, number: float, limits: Option | Field, at: Path) -> Iterator[Finding]:
    """Yield a fault where a number is outside of the bounds of its option or field."""
    broken = (
        (limits.low, "at least", limits.low is not None and number < limits.low),
        (limits.above, "more than", limits.above is not None and number <= limits.above),
        (limits.high, "at most", limits.high is not None and number > limits.high),
        (limits.below, "less than", limits.below is not None and number >= limits.below),
    )
    wanted = " and ".join(f"{told} {limit:g}" for limit, told, outside in broken if outside)
    if wanted:
        yield fault("arg-out-of-range", f"`{name}` is {wanted}, not {number:g}", place(at))
