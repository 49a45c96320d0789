"""Vector stores as workloads: image, data folder, health check and password by the rows of `catalog/stores.json`."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import stackspec.catalog
from stackspec.diagnostics import Finding
from stackspec.folders import beside, text
from stackspec.ir.deployment import CommandProbe, HttpProbe, Volume, VolumeMount, Workload
from stackspec.ir.record import record, replace
from stackspec.ir.stack import EnvValue, Retrieval, Store
from stackspec.lower.workload import workload

INTERVAL = 10.0
TIMEOUT = 5.0


@functools.cache
def rows() -> Mapping[str, Any]:  # Any: rows of a JSON table
    """Return what is known of each kind of store."""
    table: Mapping[str, Any] = json.loads(text(beside(stackspec.catalog.__file__, "stores.json")))
    return table


@record
class Lowered:
    """One store, ready to run, and what is missing."""

    workload: Workload
    volume: Volume
    findings: tuple[Finding, ...]


def store(corpus: Retrieval) -> Lowered | None:
    """Return the store of a corpus; None where somebody else runs it, or nobody here knows its kind."""
    asked = corpus.store
    row = rows().get(asked.kind)
    if row is None or asked.address is None:
        return None
    key = asked.address.host
    volume = Volume(f"{key}-data", None, False, asked.storage, asked.at)
    made = workload(
        key,
        "store",
        asked.at,
        row["image"].format(version=(asked.version or row["version"]).removeprefix("v")),
        env=_environment(asked, row),
        port=row["port"],
        command=tuple(row["command"]) if row["command"] else None,
    )
    made = replace(made, volumes=(VolumeMount(volume.name, row["data"]),), probe=_probe(row), grace=60.0)
    return Lowered(made, volume, _findings(asked, row))


def _environment(asked: Store, row: Mapping[str, Any]) -> dict[str, EnvValue]:
    env: dict[str, EnvValue] = dict(row["env"])
    if asked.secret is not None:
        env |= row["secured_env"]
        env[row["secret_env"]] = asked.secret
    return env


def _probe(row: Mapping[str, Any]) -> HttpProbe | CommandProbe:
    asked, startup = row["probe"], float(row["startup"])
    if "command" in asked:
        return CommandProbe(tuple(asked["command"]), startup, INTERVAL, TIMEOUT)
    return HttpProbe(asked["path"], asked["port"], startup, INTERVAL, TIMEOUT, asked["client"])


def _findings(asked: Store, row: Mapping[str, Any]) -> tuple[Finding, ...]:
    if not row["secret_required"] or asked.secret is not None:
        return ()
    message = f"{asked.kind} does not start without a password"
    hint = "name a secret: `store: {secret: …}`"
    return (Finding(message, asked.at, hint=hint, code="store-without-password", severity="error"),)
