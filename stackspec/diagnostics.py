"""Findings: what is wrong, where in the merged document, because of what, and how to mend it. Paths become lines in `report`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Literal

from stackspec.ir.path import Path
from stackspec.ir.record import record

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class StackspecError(Exception):
    """The world failed: a file, a tool, a plug-in. `code` is the exit code; caught once, in the command line."""

    def __init__(self, message: str, *, hint: str | None = None, code: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


@record
class Span:
    """Half-open range of code points in one source file, named as the user named it."""

    file: str
    start: int
    end: int


@record
class Because:
    """A second place that explains a finding."""

    message: str
    at: Path
    span: Span | None = None


@record
class Set:
    """Edit: give the node at `at` the value `value`, written as YAML text; the key is inserted where it is missing."""

    at: Path
    value: str


@record
class Delete:
    """Edit: remove the node at `at` with its key."""

    at: Path


@record
class Rename:
    """Edit: change the key of the node at `at`."""

    at: Path
    key: str


@record
class Fix:
    """A change that mends the finding; `safe` when it cannot change what the author meant."""

    edits: tuple[Set | Delete | Rename, ...]
    safe: bool = False


@record
class Finding:
    """One fault of one environment.

    `message` is the fact with its numbers, `hint` the act. `at` is the place in the merged document; where it does not exist, the
    nearest place above it is shown. `on` chooses the key or the value. `span` overrides `at` for faults of the text itself.
    `code` and a missing `severity` are stamped by the runner from the rule.
    """

    message: str
    at: Path
    hint: str | None = None
    because: tuple[Because, ...] = ()
    fix: Fix | None = None
    severity: Severity | None = None
    code: str = ""
    on: Literal["value", "key"] = "value"
    span: Span | None = None


def nearest(word: str, known: Iterable[object], cutoff: float = 0.6) -> str | None:
    """Return the known word closest to `word`, or None: the did-you-mean of every message.

    Below a close match, the one word that `word` abbreviates (`envs` for `environments`) is preferred.
    """
    import difflib

    words = list(itertools.islice((str(item) for item in known), _MOST))
    if len(str(word)) > _LONGEST:
        return None
    folded = {item.casefold().replace("_", "-"): item for item in reversed(words)}
    given = str(word).casefold().replace("_", "-")
    found = difflib.get_close_matches(given, list(folded), n=1, cutoff=cutoff)
    if found and difflib.SequenceMatcher(None, found[0], given).ratio() >= _CLOSE:
        return folded[found[0]]
    stem = given.removesuffix("s")
    longer = [item for item in folded if len(stem) > 2 and item.startswith(stem)]
    best = longer[0] if len(longer) == 1 else found[0] if found else None
    return folded[best] if best else None


_CLOSE = 0.8
_LONGEST = 200
"""Longer words are not compared: no name is that long, and the comparison is quadratic."""
_MOST = 500
"""So many known words are compared at most."""


def did_you_mean(word: str, known: Iterable[object]) -> str | None:
    """Return a hint that names the nearest known word, or lists the few that exist."""
    words = sorted({str(item) for item in known})
    best = nearest(word, words)
    if best:
        return f"did you mean `{best}`?"
    if not words:
        return None
    return f"known: {', '.join(words[:12])}{', …' if len(words) > 12 else ''}"
