"""What somebody asks of a recipe becomes a choice: what is not said is what the site begins with, and what is not offered is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stackspec.diagnostics import StackspecError, nearest
from stackspec.importers.recipe import offer
from stackspec.importers.recipe.compose import ALL, Choice, is_omni, task_key, tasks
from stackspec.importers.recipe.format import Recipe, Site, Variant
from stackspec.ir.record import record


@record
class Wish:
    """What somebody says; a feature may name its mode, as in `spec_decoding=mtp`."""

    variant: str | None = None
    strategy: str | None = None
    hardware: str | None = None
    features: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    task: str | None = None


def choose(recipe: Recipe, wish: Wish, site: Site) -> Choice:
    """Return the choice; raises StackspecError that lists what is offered."""
    if wish.variant is not None:
        _known("variant of this recipe", wish.variant, recipe.variants or ("default",))
    if wish.hardware is not None:
        _known("hardware that recipes are for", wish.hardware, site.hardware)
    name = _variant(recipe, wish, site)
    variant = offer.variant_of(recipe, name)
    hardware = _hardware(recipe, variant, name, wish, site)
    if is_omni(recipe):
        return _omni(recipe, name, hardware, wish)
    strategy = _strategy(recipe, variant, hardware, wish, site)
    features, modes = _features(recipe, name, hardware, strategy, wish, site)
    return Choice(variant=name, hardware=hardware, strategy=strategy, features=features, modes=modes)


def _variant(recipe: Recipe, wish: Wish, site: Site) -> str:
    """Return the variant: the one asked for, else the first, else the largest that the hardware asked for can run."""
    first = offer.first_variant(recipe)
    if wish.variant is not None or wish.hardware is None:
        return wish.variant or first
    if offer.runs(recipe, offer.variant_of(recipe, first), wish.hardware, site.hardware[wish.hardware]):
        return first
    return offer.fitting_variant(recipe, wish.hardware, site) or first


def _hardware(recipe: Recipe, variant: Variant, name: str, wish: Wish, site: Site) -> str:
    offered = offer.hardware(recipe, variant, site)
    if wish.hardware is not None:
        return _known(f"hardware that is offered for the variant `{name}`", wish.hardware, offered)
    best = offer.default_hardware(recipe, variant, site)
    if best is None:
        raise StackspecError(f"no hardware is offered for the variant `{name}`", hint=f"variants: {_list(recipe.variants)}")
    if wish.strategy and wish.strategy not in offer.possible(recipe, best, site):
        return next((other for other in offered if wish.strategy in offer.possible(recipe, other, site)), best)
    return best


def _strategy(recipe: Recipe, variant: Variant, hardware: str, wish: Wish, site: Site) -> str:
    able = offer.possible(recipe, hardware, site)
    if wish.strategy is not None:
        return _known(f"strategy of this recipe on {hardware}", wish.strategy, able)
    best = offer.default_strategy(recipe, variant, hardware, site)
    if best is None:
        hint = (
            f"its strategies: {_list(offer.listed(recipe))}"
            if offer.listed(recipe)
            else "a recipe names `compatible_strategies`"
        )
        raise StackspecError(f"no strategy of this recipe can be used on {hardware}", hint=hint)
    return best


def _omni(recipe: Recipe, variant: str, hardware: str, wish: Wish) -> Choice:
    """Return the choice of a task; strategies and features are none of vLLM-Omni's."""
    for kind, words in (("strategy", [wish.strategy] if wish.strategy else []), ("feature", [*wish.features, *wish.without])):
        if words:
            raise StackspecError(f"`{words[0]}`: a model that vLLM-Omni serves has no {kind} to choose")
    keys = [task_key(task) for task in tasks(recipe, hardware)]
    task = _known("task of this recipe", wish.task, (*keys, ALL)) if wish.task else keys[0]
    return Choice(variant=variant, hardware=hardware, task=task)


def _features(
    recipe: Recipe, variant: str, hardware: str, strategy: str, wish: Wish, site: Site
) -> tuple[tuple[str, ...], dict[str, str]]:
    on = {*offer.default_features(recipe, offer.variant_of(recipe, variant), hardware)}
    modes: dict[str, str] = {}
    for word in wish.features:
        name, _, mode = word.partition("=")
        feature = recipe.features[_known("feature of this recipe", name, recipe.features)]
        if not offer.in_strategy(feature, strategy):
            raise StackspecError(
                f"the feature `{name}` is not offered with {strategy}", hint=f"strategies: {_list(feature.strategies)}"
            )
        if mode:
            able = offer.modes(feature, variant, hardware, site.hardware[hardware])
            modes[name] = _known(f"mode of `{name}` for `{variant}` on {hardware}", mode, able)
        on.add(name)
    off = {_known("feature of this recipe", word, recipe.features) for word in wish.without}
    return tuple(name for name in recipe.features if name in on - off), modes


def _known(kind: str, word: str, offered: Iterable[str]) -> str:
    """Return a word that is offered; raises StackspecError that names the nearest one and all there are."""
    words = [*offered]
    if word in words:
        return word
    best = nearest(word, words)
    hint = f"did you mean `{best}`? " if best else ""
    raise StackspecError(f"`{word}` is no {kind}", hint=f"{hint}offered: {_list(words)}")


def _list(words: Iterable[str]) -> str:
    found: Sequence[str] = [*words]
    return ", ".join(found) if found else "none"
