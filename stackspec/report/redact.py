"""What may be shown: secrets are masked by place and by text, characters that could move a terminal's cursor are spelled out."""

from __future__ import annotations

import re
from typing import Any, Final

from stackspec.source import Map, Seq, Source

MASK: Final = "***"
UNSAFE: Final = (
    "\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff"
)
_UNSAFE = re.compile(f"[{UNSAFE}]")
_NAMED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e", "\0": "\\0"}

_WORD = re.compile(
    r"""(?:(?P<key>[\w-]+)["']?[ \t]*[:=][ \t]*)?["'*&!@`%|>]*(?:Bearer[ \t]+)?(?P<value>[^\s"',{}\[\]]{6,})""", re.IGNORECASE
)
_BLOCK = re.compile(r"-----BEGIN [^-\n]+-----.*?(?:-----END|\Z)", re.DOTALL)

_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z_.-]*[0-9])(?:sk[-_]|hf_|gh[pos]_|github_pat_|glpat-|xox[bp]-|A[KS]IA|AIza|nvapi-|gsk_|r8_|dckr_pat_"
    r"|npm_|pypi-|SG\.|ya29\.|hvs\.|pul-|eyJ)[A-Za-z0-9_.+/=-]{14,}"
)
"""What access tokens look like, for the places where nobody looks for values: comments, keys, messages of parsers."""


def without_tokens(text: str) -> str:
    """Return text in which nothing reads like an access token."""
    return _TOKEN.sub(MASK, text)


def visible(text: str) -> str:
    """Return text with every control, direction and invisible character spelled out, so that it is one harmless line."""
    return _UNSAFE.sub(_spell, text)


def _spell(match: re.Match[str]) -> str:
    char = match.group()
    return _NAMED.get(char) or f"\\u{{{ord(char):x}}}"


class Mask:
    """The secrets of one run: where they stand, and how they read."""

    def __init__(self) -> None:
        self._spans: dict[str, set[tuple[int, int]]] = {}
        self._words: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, source: Source, start: int, end: int, value: Any) -> None:  # Any: YAML data
        """Hide a span of a source, and what is written there wherever else it turns up."""
        self._spans.setdefault(source.name, set()).add((start, end))
        raw = source.text[start:end].strip()
        if not isinstance(value, (Map, Seq)):
            self._words.update(_readings(raw), _readings(raw.strip("\"'")))
        self._words.update(word for leaf in _texts(value) for word in _readings(leaf))
        self._pattern = None

    def suspect(self, source: Source) -> None:
        """Hide what looks like a secret in a text that cannot be read as a whole, where nothing else looked for them."""
        from stackspec.literals import suspicious

        for match in _WORD.finditer(source.text):
            key, value = match.group("key") or "", match.group("value")
            if suspicious(key, value) or suspicious(key, match.group().strip("\"'")):
                self.add(source, match.start("value"), match.end("value"), None)
        for match in _BLOCK.finditer(source.text):
            self.add(source, match.start(), match.end(), match.group())

    def text(self, text: str) -> str:
        """Return text without any of the secrets, known or likely."""
        return without_tokens(self.pattern.sub(MASK, text) if self._words else text)

    @property
    def pattern(self) -> re.Pattern[str]:
        """Any of the secrets; short ones only as whole words."""
        if self._pattern is None:
            words = sorted(self._words, key=lambda word: (-len(word), word))
            parts = (re.escape(word) if len(word) > 5 else rf"(?<!\w){re.escape(word)}(?!\w)" for word in words)
            self._pattern = re.compile("|".join(parts))
        return self._pattern

    def hidden(self, source: Source, start: int, end: int) -> list[tuple[int, int]]:
        """Return what to hide between two places of a source, merged and in order."""
        found = {(max(start, a), min(end, b)) for a, b in self._spans.get(source.name, ()) if a < end and b > start}
        patterns = [_TOKEN, self.pattern] if self._words else [_TOKEN]
        for pattern in patterns:
            found.update((start + one.start(), start + one.end()) for one in pattern.finditer(source.text[start:end]))
        merged: list[tuple[int, int]] = []
        for low, high in sorted(found):
            if merged and low < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return merged

    def quote(self, source: Source, start: int, end: int) -> str:
        """Return a piece of a source with its secrets masked, otherwise as written."""
        parts: list[str] = []
        for low, high in self.hidden(source, start, end):
            parts += [source.text[start:low], MASK]
            start = high
        return "".join([*parts, source.text[start:end]])


def _texts(value: Any) -> list[str]:
    if isinstance(value, Map):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, Seq):
        return [text for item in value for text in _texts(item)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def _readings(text: str) -> list[str]:
    """Return a secret as a whole and line by line, for what is long enough to be told from other words."""
    lines = [line.strip() for line in text.splitlines()] if "\n" in text else []
    return [word for word in (text.strip(), *(line for line in lines if len(line) > 7)) if len(word) > 2]
