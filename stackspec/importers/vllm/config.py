"""A `--config` file as vLLM turns it into words: what it drops in silence, and what it takes for something else.

The words are those that vLLM really reads; each trap is a finding that says what the author surely meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding, Span, StackspecError
from stackspec.importers.vllm.arguments import Token
from stackspec.importers.vllm.grammar import Grammar
from stackspec.importers.vllm.values import is_list, is_table
from stackspec.ir.record import record

_MAPPINGS = (0, 16, 0)
"""First release that reads a mapping as JSON."""
_LISTS = (0, 10, 2)
"""First release that reads a list as several words."""
_MOST = 20_000
_LONGEST = 1_000_000


@record
class Configuration:
    """The words of a configuration file, and its traps."""

    tokens: tuple[Token, ...]
    findings: tuple[Finding, ...]


def configuration(text: str, name: str, known: Grammar) -> Configuration:
    """Return what a release reads of a configuration file; raises StackspecError for a file that it cannot read at all."""
    if name.rpartition(".")[2] not in ("yaml", "yml"):
        raise StackspecError(f"{name}: vLLM reads its configuration only from .yaml and .yml files", hint="rename it")
    data = _load(text, name)
    tokens: list[Token] = []
    findings: list[Finding] = []
    for key, value in data.items():
        found, words = _Line(str(key), value, known, name, text).read()
        tokens += [Token(word, str(key)) for word in words]
        findings += found
    return Configuration(tuple(tokens), tuple(findings))


def _load(text: str, name: str) -> dict[object, object]:
    import yaml

    try:
        data: object = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise StackspecError(
            f"{name}{line}: this is no YAML: {getattr(error, 'problem', None) or error}", hint="mend it first"
        ) from None
    if data is None:
        raise StackspecError(
            f"{name} is empty, and vLLM stops at an empty configuration file", hint="write at least `model: …`"
        )
    if not is_table(data):
        raise StackspecError(f"{name} is no mapping of options to values", hint="write `option: value` lines")
    if _huge(data):
        raise StackspecError(f"{name} holds more than {_MOST} values", hint="this is no configuration of vLLM")
    return data


def _huge(data: object) -> bool:
    """Tell whether there are too many values, counted as often as aliases repeat them: those that name themselves never end."""
    waiting: list[object] = [data]
    seen = 0
    while waiting and seen <= _MOST:
        node = waiting.pop()
        seen += 1
        waiting += node.values() if is_table(node) else node if is_list(node) else ()
    return seen > _MOST


class _Line:
    """One key of a configuration file."""

    def __init__(self, key: str, value: object, known: Grammar, name: str, text: str) -> None:
        self.key = key
        self.value = value
        self.known = known
        self.name = name
        self.text = text
        spelling, _ = known.find(f"--{key.partition('.')[0].replace('_', '-')}")
        self.option = spelling.name if spelling else None
        self.kind = known.kind(self.option) if self.option else None

    def read(self) -> tuple[list[Finding], list[str]]:
        """Return the traps of the line, and the words that vLLM makes of it."""
        return list(self._traps()), list(self._words())

    def _words(self) -> Iterator[str]:
        value, flag = self.value, f"--{self.key}"
        version = numbers(self.known.release.version)
        if isinstance(value, bool):
            yield from (flag,) if value else ()
        elif is_list(value) and version >= _LISTS:
            yield from (flag, *map(str, value)) if value else ()
        elif is_table(value) and version >= _MAPPINGS:
            yield from (flag, json.dumps(value, default=str))
        else:
            yield from (flag, str(value))

    def _traps(self) -> Iterator[Finding]:
        value = self.value
        if value is False:
            yield self._dropped()
        elif value == []:
            yield self._trap("config-line-dropped", "an empty list is dropped by vLLM", "remove the line, or write values")
        elif self.kind in ("flag", "switch") and value is not True:
            yield self._word_for_switch()
        elif self.kind == "append" and is_list(value) and len(value) > 1:
            message = f"only the first of {len(value)} items is read, and the next becomes the name of the model"
            yield self._trap("config-word-is-model", message, f"give them as `--{self.key}` on the command line, one by one")
        else:
            yield from self._misread()

    def _dropped(self) -> Finding:
        positive = self.option is not None and not self.key.replace("_", "-").startswith(("no-", "disable-"))
        meant = f"write `no-{self.key.replace('_', '-')}: true`" if positive and self.kind == "flag" else "remove the line"
        default = "the option keeps its default" if self.option else "whatever it was meant for"
        return self._trap(
            "config-line-dropped", f"this `false` is dropped by vLLM, {default}", f"{meant}; the spec has what vLLM does"
        )

    def _word_for_switch(self) -> Finding:
        word = str(self.value)
        on = word.lower() in ("true", "yes", "on", "1", "y")
        meant = f"write `{self.key}: true`" if on else f"write `no-{self.key.replace('_', '-')}: true`"
        return self._trap("config-word-is-model", f"vLLM takes the word `{word}` for the name of the model", meant)

    def _misread(self) -> Iterator[Finding]:
        value = self.value
        version = numbers(self.known.release.version)
        if is_list(value) and any(isinstance(item, (dict, list)) for item in value):
            yield self._trap(
                "config-value-misread", "a mapping inside a list is no JSON to vLLM", "write each item as a JSON string"
            )
        elif isinstance(value, list) and version < _LISTS:
            yield self._trap(
                "config-value-misread", "this release reads a list as one word", "write one value, or use the command line"
            )
        elif isinstance(value, dict) and version < _MAPPINGS:
            yield self._trap("config-value-misread", "this release reads no mappings", "write it as a JSON string")
        elif isinstance(value, list) and self.kind == "json":
            message = "this option wants JSON, and vLLM reads each item as a word of its own"
            yield self._trap("config-value-misread", message, f"write it as a JSON string: '{json.dumps(value, default=str)}'")
        elif value is None and not (self.option and self.known.release.options[self.option].nullable):
            yield self._trap(
                "config-value-misread", "vLLM reads the word None, which this option does not understand", "remove the line"
            )
        elif self.option is None and (short := self.known.spellings.get(f"-{self.key}")):
            message = "short names are no keys of a configuration file: vLLM refuses it"
            yield self._trap("config-value-misread", message, f"write `{short.name.replace('_', '-')}: {value}`")
        elif isinstance(value, str) and value.startswith("-"):
            message = f"vLLM takes the value `{value}` for an option"
            yield self._trap("config-value-misread", message, f"give it as `--{self.key}={value}` on the command line")
        elif isinstance(value, (int, float)) and (written := self._written()) and re.fullmatch(r"0\d+", written):
            yield self._trap("config-value-misread", f"`{written}` is an octal number in YAML: vLLM reads {value}", "quote it")

    def _written(self) -> str | None:
        found = re.search(rf"^{re.escape(self.key)}\s*:\s*([^\s#]+)", self.text, re.MULTILINE)
        return found[1] if found else None

    def _trap(self, code: str, message: str, hint: str) -> Finding:
        found = re.search(rf"^\s*['\"]?{re.escape(self.key)}['\"]?\s*:.*$", self.text, re.MULTILINE)
        span = Span(self.name, found.start(), found.end()) if found else None
        line = f":{self.text.count(chr(10), 0, found.start()) + 1}" if found else ""
        shown = self._written() if self.key not in ("api-key", "api_key", "hf-token", "hf_token") else None
        written = f"`{self.key}: {shown}`" if shown else f"`{self.key}`"
        return Finding(f"{self.name}{line}: {written}: {message}", (), hint=hint, severity="warning", code=code, span=span)
