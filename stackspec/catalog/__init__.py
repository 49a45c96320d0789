"""Facts of the world as dated, sourced tables: accelerators, machine types, models, words, charts, lifecycles; their only reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stackspec.ir.facts import Accelerator, Instance, MigProfile, ModelFacts

_FOLDER = Path(__file__).parent
_DATED = ("accelerators", "charts", "instances", "lifecycles", "models")
_SPELLING = str.maketrans("_ ", "--")


def accelerator(name: str) -> Accelerator | None:
    """Return an accelerator by its key or by any spelling people use for it: case, blanks, `_` and `-` do not matter."""
    key = name.strip().lower().translate(_SPELLING)
    if key not in _table("accelerators"):
        key = _aliases().get(key, "")
    return _accelerator(key)


def accelerators() -> tuple[str, ...]:
    """Return the keys of all accelerators, sorted."""
    return tuple(_table("accelerators"))


def instance(name: str) -> Instance | None:
    """Return a cloud machine type by its exact name."""
    row = _table("instances").get(name)
    if row is None:
        return None
    return Instance(
        name=name, provider=row["provider"], cpu=row["cpu"], memory=_gib(row["memory_gib"]),
        accelerator=row.get("accelerator"), accelerators=row.get("accelerators", 0),
        source=row["source"], retrieved=row["retrieved"],
    )  # fmt: skip


def instances() -> tuple[str, ...]:
    """Return the names of all machine types, sorted."""
    return tuple(_table("instances"))


def model(name: str) -> ModelFacts | None:
    """Return the facts of a model by its hub id; another case is accepted where the exact id is not there."""
    table = _table("models")
    key = name if name in table else _folded().get(name.lower(), "")
    return ModelFacts(name=key, **_row(key)) if key else None


def models() -> tuple[str, ...]:
    """Return the hub ids of all models, sorted."""
    return tuple(_table("models"))


def words(family: str) -> dict[str, tuple[str, ...]]:
    """Return the open words of one family of v1, each with the spec paths that its back end decides; an unknown family has none.

    In a pattern `*` stands for one segment and a last `**` for the place itself and all below it.
    """
    return {word: tuple(row["reads"]) for word, row in _table("words").get(family, {}).items()}


def chart(name: str) -> dict[str, str] | None:
    """Return the pin of a third-party chart: `version`, `repository`, `released`, `source`, `retrieved`."""
    row = _table("charts").get(name)
    return dict(row) if row else None


def charts() -> tuple[str, ...]:
    """Return the names of all charts, sorted."""
    return tuple(_table("charts"))


def lifecycle(name: str) -> dict[str, str] | None:
    """Return what upstream says of an ageing system: `status`, `successor`, `note`, `source`, `retrieved`, and `since` where known."""
    row = _table("lifecycles").get(name)
    return dict(row) if row else None


def version() -> str:
    """Return the date of the newest fact of all tables, such as `2026-11-24`."""
    return max(row["retrieved"] for table in _DATED for row in _table(table).values() if "retrieved" in row)


@cache
def _table(name: str) -> Mapping[str, Any]:  # Any: rows are JSON objects, checked by the tests of the tables
    """Read one table; nothing but its JSON is parsed, and only on the first look-up."""
    return json.loads((_FOLDER / f"{name}.json").read_bytes())  # type: ignore[no-any-return]  # a JSON object


@cache
def _aliases() -> dict[str, str]:
    return {alias: key for key, row in _table("accelerators").items() for alias in row["aliases"]}


@cache
def _folded() -> dict[str, str]:
    return {name.lower(): name for name in _table("models")}


@cache
def _accelerator(key: str) -> Accelerator | None:
    row = _table("accelerators").get(key)
    if row is None:
        return None
    capability = row.get("compute_capability")
    return Accelerator(
        name=key, vendor=row["vendor"], memory=_gib(row["memory_gib"]), bandwidth=_giga(row.get("bandwidth_gb_s")),
        compute_capability=(capability[0], capability[1]) if capability else None,
        interconnect=row.get("interconnect"), interconnect_bandwidth=_giga(row.get("interconnect_gb_s")),
        node_label=row.get("node_label"), resource=row.get("resource", "nvidia.com/gpu"),
        mig={name: MigProfile(_gib(gib), slices, count) for name, (gib, slices, count) in row.get("mig", {}).items()},
        flops={dtype: round(tera * 10**12) for dtype, tera in row.get("flops_tflops", {}).items()},
        aliases=tuple(row["aliases"]), source=row["source"], retrieved=row["retrieved"],
    )  # fmt: skip


def _row(name: str) -> dict[str, Any]:  # Any: fields of ModelFacts
    """Return one model's row with what it shares with the row that it is `like`; null takes something back."""
    row = dict(_table("models")[name])
    like = row.pop("like", None)
    if like is None:
        return row
    base = _row(like)
    details = {**base.get("details", {}), **row.get("details", {})}
    merged = {**base, **row, "details": {key: value for key, value in details.items() if value is not None}}
    return {key: value for key, value in merged.items() if value is not None}


def _gib(value: float) -> int:
    return round(value * 2**30)


def _giga(value: float | None) -> int | None:
    return None if value is None else round(value * 10**9)
