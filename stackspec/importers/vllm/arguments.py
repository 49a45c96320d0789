"""What vLLM's own parser makes of the words after `vllm serve`: which option each word belongs to, and with what value.

It follows `FlexibleArgumentParser`, argparse included: abbreviations, `--x=1`, dotted JSON, lists that run on, the last of equal
options winning. What that parser refuses is a finding, and the words are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from stackspec.diagnostics import Finding
from stackspec.importers import remark
from stackspec.importers.vllm.grammar import Grammar, Spelling
from stackspec.importers.vllm.values import VARIABLE, typed
from stackspec.ir.record import record
from stackspec.ir.stack import Json

_NEGATIVE_NUMBER = re.compile(r"-\d+$|-\d*\.\d+$")
_MODEL = re.compile(r"--model(=.*)?$", re.DOTALL)
DEFAULT_MODEL = "Qwen/Qwen3-0.6B"


@record
class Token:
    """One word of the line; `key` is the line of the configuration file that it comes from."""

    text: str
    key: str | None = None


@record
class Parsed:
    """What the words say: the model, options by canonical name, and what the parser would refuse or read otherwise than it looks."""

    model: str | None
    options: Mapping[str, Json]
    findings: tuple[Finding, ...]


def parse(tokens: Sequence[Token], known: Grammar) -> Parsed:
    """Return what the parser of a release makes of the words after `vllm serve`, or after the module of the server."""
    return _Parser(known).read(tokens)


def fault(code: str, message: str, hint: str | None = None) -> Finding:
    """Return a finding about words that the parser refuses or does not take as they look."""
    return remark("error", code, message, hint)


class _Parser:
    def __init__(self, known: Grammar) -> None:
        self.known = known
        self.models: list[Token] = []
        self.options: dict[str, Json] = {}
        self.findings: list[Finding] = []

    def read(self, tokens: Sequence[Token]) -> Parsed:
        words = [self._dashed(token) for token in self._model_first(tokens)]
        words, dotted = self._dotted(self._levels(words))
        at = 0
        while at < len(words):
            at = self._option(words, at) if self._is_option(words[at].text) else self._positional(words, at)
        for option, fields in dotted.items():
            spelling = self._find(option)
            name = spelling.name if spelling else _plain(option)
            if name in self.options:
                message = f"`{option}.{next(iter(fields))}` replaces the whole of what `{option}` was given before"
                hint = "give all fields in one way; the spec has what vLLM does"
                self.findings.append(remark("warning", "option-replaced", message, hint))
            self.options[name] = self.known.switched(name, fields)
        model = self.options.pop("model", None)
        tag = self.models[0].text if self.models else None if model is None else str(model)
        return Parsed(tag, self.options, tuple(self.findings))

    def _model_first(self, tokens: Sequence[Token]) -> list[Token]:
        """Move the first `--model` of the line to the front, as `vllm serve` does."""
        words = list(tokens)
        at = next((index for index, word in enumerate(words) if word.key is None and _MODEL.match(word.text)), None)
        if at is None:
            return words
        found = words.pop(at)
        if found.text == "--model":
            if at >= len(words):
                self.findings.append(_truncated("--model"))
                return words
            found = words.pop(at)
        return [Token(found.text.removeprefix("--model="), found.key), *words]

    def _dashed(self, token: Token) -> Token:
        if not token.text.startswith("--"):
            return token
        name, equals, value = token.text.partition("=")
        head, dot, fields = name.partition(".")
        return Token(f"{head.replace('_', '-')}{dot}{fields}{equals}{value}", token.key)

    def _levels(self, words: list[Token]) -> list[Token]:
        """Spell `-O3`, `-O=3` and `-O 3` out; older releases compile at that level instead."""
        found: list[Token] = []
        level = "--optimization-level" if self.known.kind("optimization_level") else "--compilation-config"
        for index, word in enumerate(words):
            if word.text.startswith("-O") and word.text != "-O" and "." not in word.text:
                value = word.text[3:] if word.text[2] == "=" else word.text[2:]
                found += [Token(level, word.key), Token(value, word.key)]
            elif word.text == "-O" and (level != "--optimization-level" or _text(words, index + 1) in ("0", "1", "2", "3")):
                found.append(Token(level, word.key))
            elif word.text.startswith("-O."):
                found.append(Token("--compilation-config" + word.text[2:], word.key))
            else:
                found.append(word)
        return found

    def _dotted(self, words: list[Token]) -> tuple[list[Token], dict[str, dict[str, Json]]]:
        """Take `--x.y value` out; return the other words, and one mapping for each option, in order of first mention."""
        rest: list[Token] = []
        found: dict[str, dict[str, Json]] = {}
        at = 0
        while at < len(words):
            name, equals, value = words[at].text.partition("=")
            at += 1
            if not name.startswith("-") or "." not in name or _NEGATIVE_NUMBER.match(words[at - 1].text) or " " in name:
                rest.append(words[at - 1])
                continue
            if not equals:
                if at >= len(words):
                    self.findings.append(_truncated(name))
                    continue
                value = words[at].text
                at += 1
            option, *fields = name.removesuffix("+").split(".")
            items: list[Json] = [*value.split(",")]
            _put(found.setdefault(option, {}), fields, items if name.endswith("+") else _loaded(value))
        return rest, found

    def _is_option(self, text: str) -> bool:
        """Tell whether argparse takes a word for an option: not negative numbers, not words with blanks that it does not know."""
        if not text.startswith("-") or text == "-":
            return False
        name = text.partition("=")[0]
        if text in self.known.spellings or name in self.known.spellings:
            return True
        if _NEGATIVE_NUMBER.match(text):
            return False
        return " " not in text

    def _option(self, words: list[Token], at: int) -> int:
        """Take one option with its values; return where the next word stands."""
        name, equals, value = words[at].text.partition("=")
        spelling = self._find(name)
        if name == "--":
            return at + 1
        if spelling is None:
            return self._unknown(words, at)
        kind = self.known.kind(spelling.name)
        if kind in ("flag", "switch"):
            if equals:
                self.findings.append(
                    fault("switch-with-value", f"`{words[at].text}`: `{name}` takes no value", f"write `{name}`")
                )
            self.options[spelling.name] = not spelling.negative
            return at + 1
        values = [value] if equals else self._values(words, at + 1, kind)
        self._take(spelling.name, name, values, words[at])
        return at + 1 if equals else at + 1 + len(values)

    def _values(self, words: list[Token], at: int, kind: str | None) -> list[str]:
        found: list[str] = []
        for word in words[at:]:
            if self._is_option(word.text) or (found and kind != "list"):
                break
            found.append(word.text)
        return found

    def _take(self, name: str, spelled: str, values: list[str], word: Token) -> None:
        kind = self.known.kind(name)
        if kind == "optional":
            self.options[name] = values[0] if values else True
        elif not values:
            self.findings.append(_truncated(spelled))
        elif kind == "append":
            before = self.options.get(name)
            self.options[name] = [*(before if isinstance(before, list) else []), *values]
        elif kind == "list":
            self.options[name] = [typed(value, self.known.type(name)) for value in values]
        elif kind == "json":
            self.options[name] = _json(values[0])
        else:
            self.options[name] = typed(values[0], self.known.type(name))

    def _unknown(self, words: list[Token], at: int) -> int:
        """Keep an option that the release lacks: with the words up to the next option, or as a switch."""
        name, equals, value = words[at].text.partition("=")
        values = [value] if equals else self._values(words, at + 1, "list")
        plain = _plain(name)
        given: list[Json] = [_structure(item) for item in values]
        self.options[plain] = given[0] if len(given) == 1 else given if given else True
        return at + 1 if equals else at + 1 + len(values)

    def _positional(self, words: list[Token], at: int) -> int:
        word = words[at]
        if not self.models:
            self.models.append(word)
        elif VARIABLE.fullmatch(word.text):
            message = f"`{word.text}` may hold further options: nothing here says which"
            hint = "say them: `stackspec import vllm --set NAME=…`, or add them to the spec"
            self.findings.append(remark("warning", "variable-unknown", message, hint))
        else:
            message = f"`{word.text}` belongs to no option: the model is `{self.models[0].text}` already"
            self.findings.append(fault("stray-word", message, "quote it with the word before it, or remove it"))
        return at + 1

    def _find(self, name: str) -> Spelling | None:
        spelling, begun = self.known.find(name)
        if spelling is None and len(begun) > 1:
            listed = ", ".join(begun[:4]) + (", …" if len(begun) > 4 else "")
            self.findings.append(fault("ambiguous-option", f"`{name}` may be any of {listed}", "write it out"))
        elif spelling is not None and begun and name not in begun:
            message = f"`{name}` is read as `{begun[0]}`: an option may be cut short where only one begins so"
            hint = "nothing to change: the spec has the whole name"
            self.findings.append(remark("info", "abbreviated-option", message, hint))
        return spelling


def _text(words: Sequence[Token], at: int) -> str:
    return words[at].text if at < len(words) else ""


def _plain(option: str) -> str:
    return option.lstrip("-").replace("-", "_")


def _truncated(option: str) -> Finding:
    return fault("value-missing", f"`{option}` has no value: the command is cut off there", f"write a value after `{option}`")


def _json(text: str) -> Json:
    """Return JSON as data; text that is none stays text."""
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, (dict, list)) else text


def _structure(text: str) -> Json:
    """Return the value of an option that nobody knows: JSON and whole numbers as data where they are spelled alike, else text."""
    found = _json(text)
    return typed(text, "any") if isinstance(found, str) else found


def _loaded(text: str) -> Json:
    """Return the value of a dotted key as vLLM reads it: JSON, a number with a suffix, else text."""
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        number = typed(text, "human-int")
        return number if isinstance(number, int) else text
    return found


def _put(into: dict[str, Json], fields: Sequence[str], value: Json) -> None:
    """Set a field inside nested mappings; mappings merge, lists grow, everything else is replaced."""
    *above, last = fields
    for field in above:
        below = into.get(field)
        if not isinstance(below, dict):
            below = into[field] = {}
        into = below
    before = into.get(last)
    if isinstance(before, dict) and isinstance(value, dict):
        for key, item in value.items():
            _put(before, [key], item)
    elif isinstance(before, list) and isinstance(value, list):
        into[last] = [*before, *value]
    else:
        into[last] = value


def told(words: Sequence[str]) -> Iterator[Token]:
    """Yield words of a command line as tokens."""
    return (Token(word) for word in words)
