"""What all recipes share: the catalog's copy, or that of the checkout that a recipe lies in."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# Documents are data that narrow from Any to dict, whose items pyright calls unknown.

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import stackspec.catalog
from stackspec import catalog
from stackspec.diagnostics import StackspecError
from stackspec.folders import beside, text
from stackspec.importers.recipe.format import Profile, Site, Strategy
from stackspec.importers.recipe.reading import document, shaped

_UP = 6


@cache
def shipped() -> Site:
    """Return the catalog's copy."""
    return Site.model_validate({"strategies": _table("strategies"), "hardware": _table("hardware")})


def site_of(read: Callable[[str], str | None]) -> Site:
    """Return what the checkout says that a recipe lies in; outside of one, what the catalog says.

    `read` opens a file by its path from the recipe's folder.
    """
    for folder in ("../" * steps for steps in range(_UP)):
        taxonomy = read(f"{folder}taxonomy.yaml")
        if taxonomy is not None:
            return _checkout(folder, document(f"{folder}taxonomy.yaml", taxonomy), read)
    return shipped()


def accelerator(hardware: str) -> str | None:
    """Return the catalog's name for what a node of the recipes has; `cpu` for none, None for what the catalog lacks."""
    known = _table("accelerators").get(hardware)
    if known is not None:
        return str(known)
    found = catalog.accelerator(hardware) or catalog.accelerator(hardware.rpartition("_")[0])
    return found.name if found else None


def omni_image(brand: str, version: str) -> str | None:
    """Return the image of a release of vLLM-Omni; None where nobody publishes one."""
    row = _table("omni").get(brand)
    return str(row["image"]).format(version=version.removeprefix("v")) if row else None


def omni_versions() -> tuple[str, ...]:
    """Return the releases of vLLM-Omni, oldest first; each needs the release of the engine with its number."""
    return tuple(_table("omni")["releases"]["versions"])


def _checkout(folder: str, taxonomy: Mapping[str, object], read: Callable[[str], str | None]) -> Site:
    """Return what a checkout says; a strategy that it names and does not define is no strategy."""
    names = taxonomy.get("strategies")
    listed: list[object] = names if isinstance(names, list) else [*shipped().strategies]
    found = {str(name): _strategy(f"{folder}strategies/{name}.yaml", read) for name in listed}
    strategies = {name: strategy for name, strategy in found.items() if strategy}
    return Site(
        strategies=strategies or shipped().strategies,
        hardware=_profiles(f"{folder}taxonomy.yaml", taxonomy.get("hardware_profiles")),
    )


def _profiles(path: str, profiles: object) -> dict[str, Profile]:
    if not isinstance(profiles, dict):
        raise StackspecError(f"{path}: no `hardware_profiles`, which say what recipes run on")
    rows: dict[str, object] = profiles
    return {name: shaped(Profile, row, path, name) for name, row in rows.items()}


def _strategy(path: str, read: Callable[[str], str | None]) -> Strategy | None:
    found = read(path)
    return None if found is None else shaped(Strategy, document(path, found), path)


@cache
def _table(name: str) -> Mapping[str, Any]:  # Any: a JSON table, checked by its tests
    return json.loads(text(beside(stackspec.catalog.__file__ or "", "recipes", f"{name}.json")))  # type: ignore[no-any-return]
