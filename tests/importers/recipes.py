"""The published recipes of `STACKSPEC_RECIPES`, and all that they offer."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from stackspec.importers import Process
from stackspec.importers.recipe import offer, reading
from stackspec.importers.recipe.choosing import Wish, choose
from stackspec.importers.recipe.compose import Choice, is_omni, processes, task_key, tasks
from stackspec.importers.recipe.format import Recipe, Site
from stackspec.importers.recipe.site import shipped
from stackspec.ir.record import record


@record
class Offered:
    """One choice of a published recipe, and how it is asked for."""

    file: str
    recipe: Recipe
    choice: Choice
    words: tuple[str, ...]
    label: str
    """What differs from the features that are on by default."""


def folder() -> Path:
    """Return the folder of the published recipes; the test is skipped where nobody names one."""
    named = os.environ.get("STACKSPEC_RECIPES")
    if not named:
        pytest.skip("STACKSPEC_RECIPES names no folder of published recipes")
    return Path(named)


def recipes(root: Path) -> dict[str, Recipe]:
    """Return the recipes by their path, none of which may be doubtful."""
    found: dict[str, Recipe] = {}
    for path in sorted((root / "models").rglob("*.yaml")):
        name = path.relative_to(root / "models").as_posix()
        recipe, unknown = reading.recipe(name, path.read_text(encoding="utf-8"))
        assert [finding.message for finding in unknown] == []
        found[name] = recipe
    return found


def offered(file: str, recipe: Recipe, *, toggled: bool) -> Iterator[Offered]:
    """Yield what a recipe offers, with the features that are on by default and, if wanted, each of them toggled."""
    site = shipped()
    for name in recipe.variants:
        for hardware in offer.hardware(recipe, offer.variant_of(recipe, name), site):
            if is_omni(recipe):
                for task in tasks(recipe, hardware):
                    yield _asked(file, recipe, Wish(variant=name, hardware=hardware, task=task_key(task)), "")
                continue
            for strategy in offer.strategies(recipe, offer.variant_of(recipe, name), hardware, site):
                wish = Wish(variant=name, hardware=hardware, strategy=strategy)
                yield _asked(file, recipe, wish, "default")
                if toggled:
                    yield from _toggled(file, recipe, wish, site)


def digest(site: Iterable[Offered]) -> str:
    """Return a digest of all commands and environments of some choices, in any order."""
    lines = sorted(json.dumps([*_key(item), _plain(commands(item))], sort_keys=True) for item in site)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def commands(item: Offered, version: str = "0.33.0") -> tuple[Process, ...]:
    """Return the processes of a choice."""
    return processes(item.recipe, item.choice, shipped(), version)


def _key(item: Offered) -> list[str | None]:
    choice = item.choice
    return [choice.variant, choice.hardware, choice.strategy, choice.task, item.label]


def _plain(made: Iterable[Process]) -> list[object]:
    return [[process.role, process.follower or 0, list(process.argv), dict(process.env)] for process in made]


def _toggled(file: str, recipe: Recipe, wish: Wish, site: Site) -> Iterator[Offered]:
    assert wish.hardware is not None
    assert wish.variant is not None
    on = offer.default_features(recipe, offer.variant_of(recipe, wish.variant), wish.hardware)
    for name, feature in recipe.features.items():
        if not offer.in_strategy(feature, wish.strategy):
            continue
        without, features = ((name,), ()) if name in on else ((), (name,))
        asked = Wish(wish.variant, wish.strategy, wish.hardware, features, without)
        yield _asked(file, recipe, asked, f"{'-' if without else '+'}{name}")
        for mode in offer.modes(feature, wish.variant, wish.hardware, site.hardware[wish.hardware]):
            asked = Wish(wish.variant, wish.strategy, wish.hardware, (f"{name}={mode}",))
            yield _asked(file, recipe, asked, f"+{name}={mode}")


def _asked(file: str, recipe: Recipe, wish: Wish, label: str) -> Offered:
    pairs = [("--variant", wish.variant), ("--hardware", wish.hardware), ("--strategy", wish.strategy), ("--task", wish.task)]
    pairs += [*(("--feature", name) for name in wish.features), *(("--no-feature", name) for name in wish.without)]
    words = tuple(word for option, value in pairs if value for word in (option, value))
    return Offered(file, recipe, choose(recipe, wish, shipped()), words, label)
