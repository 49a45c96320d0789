"""Families of models: which parsers read their tool calls and their reasoning, and what turns their thinking off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Literal

from stackspec.engines.vllm.release import table
from stackspec.ir.record import record
from stackspec.ir.stack import Json

GENERIC = frozenset({"hf"})
"""Parsers that follow the model's own template, whatever its family."""


@record
class Family:
    """One family of models.

    Its parsers are those that read its output, the best first; which of them a release has, its registry says: names come later
    and are renamed. Others that it `accepts` read some of it, and are never chosen. It thinks `always` or by a `switch`, and
    `thinking_off` is what the chat template takes for no. A generative checkpoint that was trained to rerank `scores_as` another
    configuration of the hub.
    """

    name: str
    tool_parsers: tuple[str, ...] = ()
    reasoning_parsers: tuple[str, ...] = ()
    thinks: Literal["always", "switch"] | None = None
    thinking_off: Mapping[str, Json] | None = None
    tool_accepts: tuple[str, ...] = ()
    reasoning_accepts: tuple[str, ...] = ()
    scores_as: Mapping[str, Json] | None = None


def best(parsers: Collection[str], registered: Collection[str]) -> str | None:
    """Return the best of a family's parsers that a release has."""
    return next((name for name in parsers if name in registered), None)


def wrong(parser: str, parsers: Collection[str], accepts: Collection[str], registered: Collection[str]) -> bool:
    """Tell whether a parser is known not to read a family's output: it is another family's, and this one's are known."""
    return bool(parsers) and parser in registered and parser not in {*parsers, *accepts, *GENERIC}


@cache
def family(names: tuple[str, ...], architecture: str | None) -> Family | None:
    """Return the family of a model by its hub ids, the surest first, else by its architecture; None: nobody here knows."""
    found = named(names)
    rows = () if found or not architecture else table("families")
    return next((_family(row) for row in rows if architecture in row.get("architectures", ())), found)


@cache
def named(names: tuple[str, ...]) -> Family | None:
    """Return the family that a model's hub ids name: surer than its architecture, which others build on too."""
    for name in names:
        folded = f"/{name.lower()}"
        for row in table("families"):
            if any(_matches(pattern, folded) for pattern in row["match"]):
                return _family(row)
    return None


def _matches(pattern: str, name: str) -> bool:
    """Tell whether the parts of a pattern, between its `*`, occur in a name in their order."""
    place = 0
    for part in pattern.split("*"):
        found = name.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return True


def _family(row: Mapping[str, Any]) -> Family:  # Any: a row of the table
    lists = {
        name: tuple(row.get(name, ())) for name in ("tool_parsers", "reasoning_parsers", "tool_accepts", "reasoning_accepts")
    }
    off, scorer = row.get("thinking_off"), row.get("scores_as")
    return Family(row["name"], thinks=row.get("thinks"), thinking_off=off, scores_as=scorer, **lists)
