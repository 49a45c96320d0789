"""What `stackspec.lock` holds, as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.facts import ModelFacts
from stackspec.ir.record import record

PinKind = Literal["adapter", "model", "tokenizer"]


@record
class Pin:
    """One source of the hub: the commit it stood at, and what was read there.

    `facts` of a model and of an adapter's base are None where its configuration says nothing that is known; `rank` is an adapter's.
    `specs` names the specs that use it, relative to the lock's folder.
    """

    commit: str
    kind: PinKind
    specs: tuple[str, ...]
    facts: ModelFacts | None = None
    rank: int | None = None


Pins = Mapping[str, Pin]
"""Pins by the source that a spec writes: `org/name` or `org/name@revision`."""


def key(location: str, revision: str | None) -> str:
    """Return the key of a source among the pins."""
    return f"{location}@{revision}" if revision else location
