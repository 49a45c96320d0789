"""What a recipe says that no spec can hold, and what a person should know before the launch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding
from stackspec.engines.vllm.release import release, versions
from stackspec.importers import Process, remark
from stackspec.importers.recipe import images, offer
from stackspec.importers.recipe.compose import ALL, Choice, launch, task_key, tasks
from stackspec.importers.recipe.format import Recipe, Site, Strategy


def notes(recipe: Recipe, choice: Choice, site: Site, processes: Sequence[Process], version: str) -> Iterator[Finding]:
    """Yield the findings of one import."""
    yield from _version(recipe, choice, processes, version)
    yield from _room(recipe, choice, site)
    yield from _beside(recipe, choice, site)
    yield from _image(recipe, choice, site, version)
    if choice.strategy is None:
        yield from _tasks(recipe, choice)
    else:
        yield from _router(site.strategies[choice.strategy])


def least_version(recipe: Recipe, variant: str) -> str | None:
    """Return the least release that a recipe asks for; None where it says none, or no number."""
    asked = (recipe.model.min_vllm_version, offer.variant_of(recipe, variant).min_vllm_version)
    return max(
        (word.removeprefix("v") for word in asked if word and word.removeprefix("v")[:1].isdecimal()), key=numbers, default=None
    )


def _version(recipe: Recipe, choice: Choice, processes: Sequence[Process], version: str) -> Iterator[Finding]:
    least = least_version(recipe, choice.variant)
    if least is None:
        return
    if numbers(version) < numbers(least):
        message = f"the recipe asks for vLLM {least} or later, and {version} is pinned"
        yield remark("warning", "recipe-needs-newer-engine", message, f"leave `--engine` out, or pin {least}")
        return
    words = sorted({word.partition("=")[0] for process in processes for word in process.argv if word.startswith("--")})
    lacking = [word for word in words if not _has(least, word) and _has(version, word)]
    if lacking:
        several = "these options" if len(lacking) > 1 else "this option"
        since = max((_since(word) for word in lacking), key=numbers)
        message = f"the recipe says vLLM {least} or later, which lacks {several} that it uses: {', '.join(lacking)}"
        yield remark("info", "recipe-version-too-low", message, f"vLLM {version} is pinned; pin {since} at least")


def _has(version: str, word: str) -> bool:
    """Tell whether a release has an option, or the option that it negates."""
    known, name = release(version), word.lstrip("-").partition(".")[0].replace("-", "_")
    names = (name, name.removeprefix("no_"))
    return any(other in known.options or other in known.aliases for other in names)


def _since(word: str) -> str:
    return next((version for version in versions() if _has(version, word)), versions()[-1])


def _room(recipe: Recipe, choice: Choice, site: Site) -> Iterator[Finding]:
    profile, variant = site.hardware[choice.hardware], offer.variant_of(recipe, choice.variant)
    strategy = site.strategies.get(choice.strategy or "")
    if strategy and strategy.deploy_type == "single_node" and not offer.fits_node(profile, variant):
        need, room = f"{variant.vram_minimum_gb:g}", f"{profile.vram_gb:g}"
        message = f"the recipe says that `{choice.variant}` needs {need} GB, and a node of {choice.hardware} has {room} GB"
        others = [name for name in offer.strategies(recipe, variant, choice.hardware, site) if name != choice.strategy]
        yield remark("warning", "recipe-needs-more-memory", message, f"offered here: {', '.join(others)}" if others else None)


def _beside(recipe: Recipe, choice: Choice, site: Site) -> Iterator[Finding]:
    """Yield what must be installed, or run, beside the engine."""
    brand = site.hardware[choice.hardware].brand
    for item in recipe.dependencies:
        if item.command and not item.optional and (not item.brand or brand in item.brand):
            message = f"the recipe installs something beside the engine: {_one_line(item.command)}"
            yield remark(
                "info", "recipe-needs-package", message, _one_line(item.note) if item.note else "put it into the image"
            )
    for name in choice.features:
        feature = recipe.features[name]
        if feature.companion and feature.companion.command and offer.in_strategy(feature, choice.strategy):
            message = f"the feature `{name}` needs a process beside the engine: {_one_line(feature.companion.command)}"
            yield remark("warning", "recipe-needs-process", message, "run it on each node, or leave the feature out")


def _image(recipe: Recipe, choice: Choice, site: Site, version: str) -> Iterator[Finding]:
    variant, profile = offer.variant_of(recipe, choice.variant), site.hardware[choice.hardware]
    said = images.named(recipe, variant, choice.hardware, profile)
    if said and not images.image(recipe, variant, choice.hardware, profile) and not said.endswith((f":v{version}", ":latest")):
        message = f"the recipe runs the image {said}; vLLM {version} is pinned, whose own image takes its place"
        yield remark("info", "recipe-image-replaced", message, "name it under `engines` if it is what you need: `image: …`")


def _tasks(recipe: Recipe, choice: Choice) -> Iterator[Finding]:
    able = tasks(recipe, choice.hardware)
    chosen = next((task for task in able if task_key(task) == choice.task), able[0])
    others = [task_key(task) for task in able if launch(recipe, choice, task) != launch(recipe, choice, chosen)]
    if others and choice.task != ALL:
        message = f"this is the launch of the task `{task_key(chosen)}`; others are launched on their own: {', '.join(others)}"
        yield remark(
            "info", "recipe-has-other-tasks", message, f"`--task {others[0]}` imports another one, `--task {ALL}` all of them"
        )


def _router(strategy: Strategy) -> Iterator[Finding]:
    if strategy.deploy_type == "pd_cluster":
        policy = strategy.router.policy if strategy.router else None
        message = f"the recipe puts a router before prefill and decode{f' (policy {policy})' if policy else ''}; it is no part of the spec"
        yield remark("info", "recipe-router-left-out", message, "`cluster.serving: llm-d` or `kserve` routes between the roles")


def _one_line(text: str) -> str:
    return f"`{' '.join(text.split())}`" if "\n" not in text.strip() else f"`{text.strip().splitlines()[0].strip()} …`"
