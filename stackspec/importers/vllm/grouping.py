"""Which processes of a script are one model: leader and followers of a replica, or prefill and decode."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from stackspec.importers import Process
from stackspec.importers.vllm.arguments import Parsed, Token, parse
from stackspec.importers.vllm.grammar import Grammar
from stackspec.importers.vllm.starts import Start
from stackspec.importers.vllm.values import is_table
from stackspec.ir.record import replace

Member = tuple[Start, Process]
_ROLES = {"kv_producer": "prefill", "kv_consumer": "decode"}


def grouped(members: Sequence[Member], known: Grammar) -> list[list[Member]]:
    """Return the processes by model, in order of first mention; each knows its role and its rank."""
    parsed = [(member, parse([Token(word) for word in member[1].argv], known)) for member in members]
    models: dict[str, list[tuple[Member, Parsed]]] = {}
    for member, found in parsed:
        models.setdefault(str(found.model), []).append((member, found))
    return [group for same in models.values() for group in _split(same)]


def _split(same: Sequence[tuple[Member, Parsed]]) -> list[list[Member]]:
    """Return the groups of processes that serve one model name: joined by ranks or roles, else each by itself."""
    if len(same) == 1:
        return [[same[0][0]]]
    roles = [_role(found) for _, found in same]
    if {"prefill", "decode"} <= set(roles) or (len(same) == 2 and all(_connector(found) for _, found in same)):
        named = [role or ("prefill" if index == 0 else "decode") for index, role in enumerate(roles)]
        return [[_as(member, replace(member[1], role=role)) for (member, _), role in zip(same, named, strict=True)]]
    if any(_follows(found) for _, found in same[1:]):
        return [[_as(member, replace(member[1], follower=index or None)) for index, (member, _) in enumerate(_ranked(same))]]
    return [[member] for member, _ in same]


def _as(member: Member, process: Process) -> Member:
    return member[0], process


def _ranked(same: Sequence[tuple[Member, Parsed]]) -> Iterable[tuple[Member, Parsed]]:
    """Return processes by rank; one without a rank leads."""
    return sorted(same, key=lambda item: _rank(item[1]))


def _rank(found: Parsed) -> int:
    for flag in ("node_rank", "data_parallel_start_rank", "data_parallel_rank"):
        value = found.options.get(flag)
        if isinstance(value, int):
            return value
    return 1 if found.options.get("headless") is True else 0


def _follows(found: Parsed) -> bool:
    return _rank(found) > 0 or found.options.get("headless") is True


def _connector(found: Parsed) -> dict[object, object]:
    value: object = found.options.get("kv_transfer_config")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if is_table(value) else {}


def _role(found: Parsed) -> str | None:
    return _ROLES.get(str(_connector(found).get("kv_role")))
