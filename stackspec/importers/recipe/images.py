"""Which container image a recipe needs, where it is not the pinned release's own."""

from __future__ import annotations

import re

from stackspec.importers.recipe.format import Image, Profile, Recipe, Variant
from stackspec.importers.recipe.site import omni_image

_PUBLISHED = re.compile(r"(docker\.io/)?vllm/vllm-openai(-rocm|-cpu)?(:|$)")
"""The engine's own images: the release that is pinned has a tag of its own."""
_BACK_ENDS = {"tpu": "vllm/vllm-tpu:latest", "xpu": "vllm/vllm-openai-xpu:latest"}
"""Images of back ends that are no part of the engine's own releases, as the site names them."""


def image(recipe: Recipe, variant: Variant, hardware: str, profile: Profile) -> str | None:
    """Return the image that must be named; None: the pinned release's own."""
    found = named(recipe, variant, hardware, profile)
    return None if found is None or _PUBLISHED.match(found) else found


def image_of_omni(recipe: Recipe, variant: Variant, hardware: str, profile: Profile, version: str) -> str | None:
    """Return the image of vLLM-Omni: the recipe's, else that of the release."""
    return image(recipe, variant, hardware, profile) or omni_image(brand(profile), version)


def named(recipe: Recipe, variant: Variant, hardware: str, profile: Profile) -> str | None:
    """Return the image that a recipe names for some hardware: the variant's for the exact GPU, the variant's, the model's."""
    exact = variant.hardware_overrides.get(hardware)
    said = [exact.docker_image if exact else None]
    said += [_for_brand(option, brand(profile)) for option in (variant.docker_image, recipe.model.docker_image)]
    back_end = _BACK_ENDS.get(profile.generation[0] if profile.generation else "")
    return next((reference for reference in said if reference), back_end)


def brand(profile: Profile) -> str:
    """Return the key by which images are looked up."""
    generation = profile.generation[0] if profile.generation else ""
    if generation == "tpu":
        return "tpu"
    if profile.brand == "AMD":
        return "amd"
    return "intel" if generation in ("cpu", "xpu") or profile.brand == "Intel" else "nvidia"


def _for_brand(option: Image | None, key: str) -> str | None:
    """Return the image of a brand; one reference for all is NVIDIA's, and of two builds the one for the newer CUDA is taken."""
    if option is None or isinstance(option, str):
        return option if key == "nvidia" else None
    if not {"nvidia", "amd", "tpu", "intel"} & option.keys():
        option = {"nvidia": {name: value for name, value in option.items() if isinstance(value, str)}}
    found = option.get(key)
    return found.get("cu130") or found.get("cu129") if isinstance(found, dict) else found
