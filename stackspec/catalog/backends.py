"""What attention backends of an engine take, by release and compute capability, opened on first look-up."""

from __future__ import annotations

import bisect
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from stackspec.catalog.releases import numbers
from stackspec.folders import beside, text
from stackspec.ir.record import record

_FOLDER = beside(__file__, "engines")
Capability = tuple[int, int]


@record
class Takes:
    """What a backend takes on GPUs of one compute capability: heads and blocks by size, types by vLLM's names."""

    heads: frozenset[int]
    dtypes: frozenset[str]
    caches: frozenset[str]
    blocks: frozenset[int]
    latent: bool
    sparse: bool
    sinks: bool


@record
class Backend:
    """One backend in one release: `takes` has None for a capability that was tried and is not supported.

    `heads`, `blocks` and `caches` are all that were tried: of others nobody knows.
    """

    name: str
    takes: Mapping[Capability, Takes | None]
    heads: frozenset[int]
    blocks: frozenset[int]
    caches: frozenset[str]


@cache
def backend(engine: str, version: str, name: str) -> Backend | None:
    """Return a backend as a release has it, the newest known one for later ones; None where nobody here knows it."""
    table = _table(engine)
    releases = [numbers(release) for release in table.get("releases", ())]
    place = bisect.bisect_right(releases, numbers(version)) - 1
    cases = None if place < 0 else _cases(table, name, place)
    if cases is None:
        return None
    takes: dict[Capability, Takes | None] = {_capability(word): None for word in table["capabilities"]}
    for case in cases:
        takes |= {_capability(word): _takes(case) for word in case["capabilities"]}
    return Backend(name, takes, frozenset(table["heads"]), frozenset(table["blocks"]), _caches(table, place))


@cache
def readers(engine: str, version: str, kind: str) -> Mapping[Capability, tuple[str, ...]] | None:
    """Return the backends that read a type of cache, by capability; None where nobody here knows the type in that release."""
    every = [found for name in _table(engine).get("backends", ()) if (found := backend(engine, version, name)) is not None]
    if not every or kind not in every[0].caches:
        return None
    return {
        capability: tuple(one.name for one in every if (takes := one.takes[capability]) is not None and kind in takes.caches)
        for capability in every[0].takes
    }


def _cases(table: dict[str, Any], name: str, place: int) -> list[dict[str, Any]] | None:
    for first, last, cases in table["backends"].get(name, ()):
        if first <= place <= last:
            found: list[dict[str, Any]] = cases
            return found
    return None


def _caches(table: dict[str, Any], place: int) -> frozenset[str]:
    """Return every type that any backend of a release takes."""
    named = (_cases(table, name, place) for name in table["backends"])
    return frozenset(word for cases in named for case in cases or () for word in case["caches"])


def _takes(case: dict[str, Any]) -> Takes:
    sets = {name: frozenset(case[name]) for name in ("heads", "dtypes", "caches", "blocks")}
    return Takes(**sets, latent=case["latent"], sparse=case["sparse"], sinks=case["sinks"])


def _capability(word: str) -> Capability:
    major, _, minor = word.partition(".")
    return int(major), int(minor)


@cache
def _table(engine: str) -> dict[str, Any]:  # Any: a JSON table
    path = os.path.join(_FOLDER, engine, "attention.json")
    if not re.fullmatch(r"[a-z0-9-]+", engine) or not os.path.isfile(path):
        return {}
    found: dict[str, Any] = json.loads(text(path))
    return found
