"""Facts of the world as dated, sourced tables (README.md), and the only reader of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from stackspec.folders import beside, text
from stackspec.ir.facts import Accelerator, Instance, MigProfile, ModelFacts
from stackspec.ir.fit import Interval
from stackspec.ir.performance import Price, Rate

_DATED = ("accelerators", "charts", "configurations", "instances", "lifecycles", "models", "prices", "rates")
_QUANTIZED = ("bits", "expert_dtype", "fmt", "group_size", "kv_cache_quant_algo", "quant_algo", "stored", "weight_block_size")
_SPELLING = str.maketrans("_ ", "--")


def accelerator(name: str) -> Accelerator | None:
    """Return an accelerator by its key or by any spelling people use for it: case, blanks, `_` and `-` do not matter."""
    return _accelerator(name.strip().lower().translate(_SPELLING))


def accelerators() -> tuple[str, ...]:
    """Return the keys of all accelerators, sorted."""
    return tuple(_table("accelerators"))


def instance(name: str) -> Instance | None:
    """Return a cloud machine type by its exact name."""
    row = _row("instances", name)
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


@cache
def model(name: str) -> ModelFacts | None:
    """Return the facts of a model by its hub id; another case is accepted where the exact id is not there."""
    row = _model(name)
    if row is None and (name := _folded().get(name.lower(), "")):
        row = _model(name)
    return None if row is None else ModelFacts(name=name, **row)


def models() -> tuple[str, ...]:
    """Return the hub ids of all models, sorted."""
    return tuple(_table("models"))


@cache
def configuration(model_type: str) -> Mapping[str, Any] | None:  # Any: values of a `config.json`
    """Return what transformers fills in for a model type where a `config.json` is silent; None for one that it does not know.

    `aliases` maps names of its own to the usual ones, `text` names the type of a nested language model; lists are one period of a
    pattern of layers.
    """
    return _row("configurations", model_type)


def registered(architecture: str) -> bool:
    """Tell whether any release of an engine registers this architecture."""
    row = _row("configurations", "architectures")
    return row is not None and architecture in row["names"]


@cache
def words(family: str) -> Mapping[str, tuple[str, ...]]:
    """Return the open words of one family of v1, each with the spec paths that its back end decides; an unknown family: none.

    In a pattern `*` stands for one segment and a last `**` for the place itself and all below it.
    """
    return {word: tuple(row["reads"]) for word, row in _table("words").get(family, {}).items()}


def chart(name: str) -> dict[str, str] | None:
    """Return the pin of a third-party chart: `version`, `repository`, `released`, `source`, `retrieved`."""
    return _row("charts", name)


def charts() -> tuple[str, ...]:
    """Return the names of all charts, sorted."""
    return tuple(_table("charts"))


def lifecycle(name: str) -> dict[str, str] | None:
    """Return what upstream says of an ageing system: `status`, `since` if known, `successor`, `note`, `source`, `retrieved`."""
    return _row("lifecycles", name)


@cache
def rate(name: str) -> Rate:
    """Return how fast or large something usually is; an unknown name is a KeyError."""
    row = _table("rates")[name]
    interval = Interval(row["low"], row["estimate"], row["high"])
    return Rate(name, interval, row["unit"], row["note"], row["source"], row["retrieved"])


def price(instance: str, region: str) -> Price | None:
    """Return what a machine type costs on demand in a region, None where no source says it."""
    row = _row("prices", f"{instance} {region}")
    return None if row is None else Price(instance, region, row["usd_per_hour"], row["dated"], row["source"])


def prices_dated() -> str:
    """Return the date of the newest price, such as `2026-07-20`: what the others are old against."""
    return max((row["dated"] for row in _table("prices").values()), default="")


def version() -> str:
    """Return the date of the newest fact of all tables, such as `2026-11-24`."""
    dates: set[str] = {row["retrieved"] for table in _DATED for row in _table(table).values() if "retrieved" in row}
    return max(dates)


@cache
def _text(table: str) -> str:
    return text(beside(__file__, f"{table}.json"))


@cache
def _table(name: str) -> Mapping[str, Any]:  # Any: rows are JSON objects, whose fields the tests of the tables check
    return json.loads(_text(name))  # type: ignore[no-any-return]  # a JSON object


def _row(table: str, key: str) -> dict[str, Any] | None:  # Any: see `_table`
    """Parse one row and nothing else: a table has one row a line, so that a look-up costs microseconds."""
    text = _text(table)
    at = text.find(f"\n{json.dumps(key)}: ")
    return None if at < 0 else _line(text, at + 1)[1]


def _line(text: str, start: int) -> tuple[str, dict[str, Any]]:
    line = text[start : text.index("\n", start)].removesuffix(",")
    ((key, row),) = json.loads(f"{{{line}}}").items()
    return key, row


def _aliased(alias: str) -> tuple[str, dict[str, Any]] | None:
    """Find the row of an accelerator that lists this spelling."""
    text, quoted = _text("accelerators"), json.dumps(alias)
    at = text.find(quoted)
    while at >= 0:
        key, row = _line(text, text.rindex("\n", 0, at) + 1)
        if alias in row["aliases"]:
            return key, row
        at = text.find(quoted, at + 1)
    return None


@cache
def _folded() -> dict[str, str]:
    return {name.lower(): name for name in models()}


@cache
def _accelerator(name: str) -> Accelerator | None:
    row = _row("accelerators", name)
    found = _aliased(name) if row is None else (name, row)
    if found is None:
        return None
    key, row = found
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


def _model(name: str) -> dict[str, Any] | None:
    """Return one model's row with what it shares with the row that it is `like`; null takes something back."""
    row = _row("models", name)
    base = _model(row.pop("like")) if row and "like" in row else None
    if row is None or base is None:
        return row
    shared = base.get("details", {})
    if "quantization" in row:
        shared = {key: value for key, value in shared.items() if key not in _QUANTIZED}
    details = {**shared, **row.get("details", {})}
    merged = {**base, **row, "details": {key: value for key, value in details.items() if value is not None}}
    return {key: value for key, value in merged.items() if value is not None}


def _gib(value: float) -> int:
    return round(value * 2**30)


def _giga(value: float | None) -> int | None:
    return None if value is None else round(value * 10**9)
