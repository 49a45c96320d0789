"""A choice becomes processes: model, arguments and environment of each node of each pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal

from stackspec.importers import Process
from stackspec.importers.recipe import layers, offer, topology
from stackspec.importers.recipe.format import Override, Profile, Recipe, Site, Task, Variant
from stackspec.importers.recipe.images import image, image_of_omni
from stackspec.ir.record import record, replace

ALL: Final = "all"
"""The task that stands for all tasks whose launches differ."""
EMPTY: Final[Mapping[str, str]] = MappingProxyType({})


@record
class Choice:
    """What is composed; no strategy means vLLM-Omni, which runs a task."""

    variant: str
    hardware: str
    strategy: str | None = None
    features: tuple[str, ...] = ()
    modes: Mapping[str, str] = EMPTY
    task: str | None = None


def is_omni(recipe: Recipe) -> bool:
    """Tell whether vLLM-Omni serves the model."""
    return bool(recipe.omni.tasks) or "omni" in recipe.meta.tasks


def model_id(recipe: Recipe, variant: Variant) -> str:
    """Return what is served."""
    return variant.model_id or recipe.model.model_id or ""


def composition(recipe: Recipe, choice: Choice, site: Site) -> layers.Composition:
    """Return a choice of a strategy with what it looks up."""
    strategy = choice.strategy or ""
    return layers.Composition(
        recipe=recipe, variant_name=choice.variant, variant=offer.variant_of(recipe, choice.variant), strategy_name=strategy,
        strategy=site.strategies[strategy], hardware=choice.hardware, profile=site.hardware[choice.hardware],
        features=choice.features, modes=choice.modes,
    )  # fmt: skip


def processes(recipe: Recipe, choice: Choice, site: Site, version: str) -> tuple[Process, ...]:
    """Return the processes of a choice under a release, the serving one of each role first."""
    if choice.strategy is None:
        return (_omni(recipe, choice, site, version),)
    return tuple(_processes(composition(recipe, choice, site), site))


def tasks(recipe: Recipe, hardware: str) -> tuple[Task, ...]:
    """Return the tasks of an omni model as one hardware runs them; a recipe that names none has one that says nothing."""
    return tuple(_on(task, task.hardware_overrides.get(hardware)) for task in recipe.omni.tasks) or (Task(id=""),)


def task_key(task: Task) -> str:
    """Return the name by which a task is chosen."""
    return task.key or task.id


def launches(recipe: Recipe, choice: Choice) -> tuple[Choice, ...]:
    """Return the choices that a choice comes to: one, or one for each task whose launch differs from those before."""
    if choice.task != ALL:
        return (choice,)
    found: dict[tuple[str, tuple[str, ...]], Choice] = {}
    for task in tasks(recipe, choice.hardware):
        found.setdefault(launch(recipe, choice, task), replace(choice, task=task_key(task)))
    return tuple(found.values())


def launch(recipe: Recipe, choice: Choice, task: Task) -> tuple[str, tuple[str, ...]]:
    """Return what tells the launches of tasks apart: the model that is served, and further words."""
    return task.model_id or model_id(recipe, offer.variant_of(recipe, choice.variant)), task.extra_args


def _processes(composed: layers.Composition, site: Site) -> Iterator[Process]:
    name = model_id(composed.recipe, composed.variant)
    reference = image(composed.recipe, composed.variant, composed.hardware, composed.profile)
    for place in topology.places(composed, site):
        words = layers.arguments(composed, place, topology.flags(composed, place))
        yield Process(
            argv=(name, *words), env=layers.environment(composed, place), image=reference, role=_role(place.role),
            follower=place.rank or None,
        )  # fmt: skip


def _role(role: str) -> Literal["serve", "prefill", "decode"]:
    return "prefill" if role == "prefill" else "decode" if role == "decode" else "serve"


def _on(task: Task, block: Task | None) -> Task:
    """Return a task with what one hardware changes of it."""
    if block is None:
        return task
    changed = {"model_id": block.model_id or task.model_id, "extra_args": (*task.extra_args, *block.extra_args)}
    return task.model_copy(update=changed)


def _omni(recipe: Recipe, choice: Choice, site: Site, version: str) -> Process:
    """Return the process of one task; the default variant's own arguments and environment do not count here."""
    variant, profile = offer.variant_of(recipe, choice.variant), site.hardware[choice.hardware]
    able = tasks(recipe, choice.hardware)
    task = next((task for task in able if task_key(task) == choice.task), able[0])
    own = variant if choice.variant != "default" else Variant()
    words, env = [*recipe.model.base_args, *own.extra_args, *task.extra_args], {**recipe.model.base_env, **own.extra_env}
    for block in _omni_blocks(recipe, variant, choice.hardware, profile):
        words += block.extra_args
        env |= block.extra_env
    words += ["--port", str(recipe.omni.port)] if recipe.omni.port else []
    served = task.model_id or model_id(recipe, variant)
    reference = image_of_omni(recipe, variant, choice.hardware, profile, version)
    return Process(argv=(served, *layers.last_wins([*words, "--omni"])), env=env, image=reference)


def _omni_blocks(recipe: Recipe, variant: Variant, hardware: str, profile: Profile) -> Iterator[Override]:
    generation = profile.generation[0] if profile.generation else ""
    whole = (
        layers.by_generation(blocks, generation, profile) for blocks in (recipe.hardware_overrides, variant.hardware_overrides)
    )
    yield from (block for block in (*whole, variant.hardware_overrides.get(hardware)) if block)
