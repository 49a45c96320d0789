"""Literal secrets: values that look like credentials, found in the text as written, before anything else may quote them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stackspec.diagnostics import Finding, Span, nearest
from stackspec.source import Map, Mark, Seq

_PREFIXES = (
    "sk-", "hf_", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA", "ASIA", "AIza", "nvapi-", "gsk_", "r8_",
    "-----BEGIN ", "dckr_pat_", "npm_", "pypi-", "SG.", "ya29.", "hvs.", "sk_live_", "pul-", "Bearer ",
    "sk_test_", "rk_live_", "rk_test_", "whsec_", "ghu_", "ghr_", "xoxa-", "xoxs-", "xapp-", "pplx-", "lsv2_", "dop_v1_", "shpat_",
)  # fmt: skip
_KEY = re.compile(
    r"(?:^|[_-])(?:password|passwd|passphrase|pass|pwd|secret|token|credentials?"
    r"|(?:api|access|private|secret|encryption|signing)[_-]?key)$",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"(?:^|[_-])(?:(?:db|pg)?pass(?:word|wd|phrase)?|pwd)$", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")
_JWT = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,4096}\.")
_URL_PASSWORD = re.compile(r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}://[^/\s:@]{0,200}:(?![$<{*])[^/\s@]{3,}@")
_INSIDE = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|hf_[A-Za-z0-9]{20,}|ghp_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16})"
)
_HARMLESS = frozenset(
    {
        "empty",
        "none",
        "null",
        "dummy",
        "placeholder",
        "changeme",
        "change-me",
        "not-needed",
        "unused",
        "example",
        "token-abc123",
    }
)


def scan(root: Map) -> list[Finding]:
    """Return one finding for each value that looks like a secret; the value itself is in none of them."""
    declared: Any = root.get("secrets")
    names = frozenset[str](declared if isinstance(declared, Map) else ())
    return list(_walk(root, "", names))


def _walk(node: Map | Seq, above: str, declared: frozenset[str]) -> Iterator[Finding]:
    items: Any = node.items() if isinstance(node, Map) else enumerate(node)
    marks: Any = node.marks
    for key, value in items:
        if isinstance(node, Map) and len(key) >= 16 and token(key):
            source, start, end, _, _ = marks[key]
            yield _finding("is a key that starts like an access token", (source, start, end, start, end))
        if isinstance(value, (Map, Seq)):
            yield from _walk(value, str(key) if isinstance(node, Map) else above, declared)
        elif isinstance(value, str) and len(value) > 5:
            what = suspicious(str(key) if isinstance(node, Map) else above, value)
            if what is not None and not (key == "secret" and _reference(value, declared)):
                yield _finding(what, marks[key])


def token(text: str) -> bool:
    """Tell whether a text is, or holds, an access token by its form alone."""
    return text.startswith(_PREFIXES) or _INSIDE.search(text) is not None or _JWT.search(text) is not None


def tokens(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a raw text, comments included, holds access tokens, so that nothing quotes them."""
    for pattern in (_INSIDE, _JWT):
        yield from (found.span() for found in pattern.finditer(text))


def _reference(value: str, declared: frozenset[str]) -> bool:
    """Tell whether `secret: value` names a declared secret, or was meant to."""
    return value in declared or nearest(value, declared) is not None


def suspicious(key: str, value: str) -> str | None:
    """Return why a value looks like a secret, in words without the value, or None."""
    if value.startswith(_PREFIXES) and len(value) >= 16:
        return "starts like an access token"
    if "://" in value and _URL_PASSWORD.search(value):
        return "is a URL with a password in it"
    if len(value) >= 20 and (_JWT.search(value) or _INSIDE.search(value)):
        return "holds an access token"
    word = _CAMEL.sub("_", key)
    if _PASSWORD.search(word) and len(value) >= 6 and not value.startswith(("{", "$", "/")) and _chosen(value):
        return f"stands under `{key}`"
    if _KEY.search(word) and not value.startswith(("{", "$", "/", "http")) and _random(value):
        return f"stands under `{key}`"
    return None


def _chosen(value: str) -> bool:
    """Tell whether a value under a password's name is one: neither a placeholder nor the name of a variable."""
    return value.casefold() not in _HARMLESS and " " not in value and not _VARIABLE.match(value)


def _random(value: str) -> bool:
    """Tell whether a value under a telling key is more than a word: long, or letters and digits mixed; no name of a variable."""
    if not _chosen(value):
        return False
    digits = any(character.isdigit() for character in value)
    return (len(value) >= 8 and digits and any(character.isalpha() for character in value)) or len(value) >= 24


def _finding(what: str, mark: Mark) -> Finding:
    source, _, _, start, end = mark
    return Finding(
        f"a value that looks like a secret: it {what}", (), code="literal-secret", severity="error",
        hint="declare where it is kept under `secrets` and write `{secret: name}` here; consider this value disclosed and replace it",
        span=Span(source.name, start, end),
    )  # fmt: skip
