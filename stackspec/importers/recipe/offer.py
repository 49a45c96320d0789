"""What a recipe offers: hardware for each variant, strategies on each hardware, features, modes, and what is on by default."""

from __future__ import annotations

import math

from stackspec.importers.recipe.format import (
    Feature,
    Mode,
    PrecisionHardware,
    Profile,
    Recipe,
    Site,
    Size,
    StrategyOverride,
    Variant,
    keyed,
)

MOST_NODES = 16
"""Nodes that the site offers at most for one deployment, and for each pool."""
_BLACKWELL = PrecisionHardware(brand="NVIDIA", generation="blackwell")
_PRECISIONS = {"nvfp4": _BLACKWELL, "fp4": _BLACKWELL}
_DEFAULT = Variant()
ROLES = ("prefill", "decode")


def variant_of(recipe: Recipe, name: str) -> Variant:
    """Return a variant, the default one where the name is not there."""
    return recipe.variants.get(name) or recipe.variants.get("default") or _DEFAULT


def first_variant(recipe: Recipe) -> str:
    """Return the variant that the site shows first."""
    return "default" if "default" in recipe.variants or not recipe.variants else next(iter(recipe.variants))


def fits_node(profile: Profile, variant: Variant) -> bool:
    """Tell whether one node holds the weights; unknown sizes fit."""
    return variant.vram_minimum_gb <= 0 or profile.vram_gb <= 0 or variant.vram_minimum_gb <= profile.vram_gb


def runs(recipe: Recipe, variant: Variant, hardware: str, profile: Profile) -> bool:
    """Tell whether a variant is offered on some hardware: precision, what the author says, and room where nodes cannot be added."""
    if recipe.meta.hardware.get(hardware) == "unsupported":
        return False
    if variant.supported_hardware and hardware not in variant.supported_hardware:
        return False
    if profile.restricted and hardware not in recipe.meta.hardware:
        return False
    return _precise(variant, profile) and (profile.scalable or fits_node(profile, variant))


def hardware(recipe: Recipe, variant: Variant, site: Site) -> tuple[str, ...]:
    """Return the hardware offered for a variant."""
    return tuple(name for name, profile in site.hardware.items() if runs(recipe, variant, name, profile))


def default_hardware(recipe: Recipe, variant: Variant, site: Site) -> str | None:
    """Return the hardware that the site begins with: the author's, B200 or GB200 for FP4, H200, else NVIDIA's first."""
    offered = hardware(recipe, variant, site)
    constraint = variant.precision_hardware or _PRECISIONS.get(variant.precision or "")
    blackwell: tuple[str, ...] = ("b200", "gb200") if constraint and constraint.generation == "blackwell" else ()
    for name in (recipe.meta.default_hardware or "", *blackwell, "h200"):
        if name in offered:
            return name
    brands = {"NVIDIA": 0, "AMD": 1}
    ranked = sorted(offered, key=lambda name: (brands.get(site.hardware[name].brand or "", 9), name))
    return ranked[0] if ranked else None


def fitting_variant(recipe: Recipe, hardware_name: str, site: Site) -> str | None:
    """Return the largest variant that is offered on some hardware."""
    profile = site.hardware[hardware_name]
    names = [name for name, variant in recipe.variants.items() if runs(recipe, variant, hardware_name, profile)]
    return max(names, key=lambda name: recipe.variants[name].vram_minimum_gb, default=None)


def listed(recipe: Recipe) -> tuple[str, ...]:
    """Return the strategies of a recipe on any hardware: those listed, and those that some hardware is granted."""
    granted = (name for name, gate in recipe.strategy_hardware.items() if "supported" in gate.values())
    return tuple(dict.fromkeys((*recipe.compatible_strategies, *granted)))


def possible(recipe: Recipe, hardware_name: str, site: Site) -> tuple[str, ...]:
    """Return the strategies that a recipe can be composed with on some hardware, whether or not one node has the room."""
    profile = site.hardware[hardware_name]
    return tuple(
        name for name in listed(recipe) if name in site.strategies and _allowed(recipe, name, hardware_name, profile, site)
    )


def strategies(recipe: Recipe, variant: Variant, hardware_name: str, site: Site) -> tuple[str, ...]:
    """Return the strategies that the site shows: one node only where the weights fit, several only where they can be joined."""
    profile = site.hardware[hardware_name]
    found: list[str] = []
    for name in possible(recipe, hardware_name, site):
        single = site.strategies[name].deploy_type == "single_node"
        if (fits_node(profile, variant) or not single) and (single or profile.generation[:1] != ("xpu",)):
            found.append(name)
    return tuple(found)


def default_strategy(recipe: Recipe, variant: Variant, hardware_name: str, site: Site) -> str | None:
    """Return the strategy that the site recommends, for as many nodes as the weights need."""
    profile, able = site.hardware[hardware_name], possible(recipe, hardware_name, site)
    several = not fits_node(profile, variant) and profile.scalable and any(name.startswith("multi_node_") for name in able)
    best = _recommended(recipe, several)
    if best in able:
        return best
    return next((name for name in able if site.strategies[name].deploy_type != "pd_cluster"), able[0] if able else None)


def nodes(recipe: Recipe, strategy: str, hardware_name: str, site: Site) -> int:
    """Return how many nodes a strategy takes: as many as its least number of GPUs needs, and at least two for several nodes."""
    least = 2 if site.strategies[strategy].deploy_type == "multi_node" else 1
    return max(least, nodes_for(recipe, strategy, hardware_name, site.hardware[hardware_name]))


def nodes_for(recipe: Recipe, key: str, hardware_name: str, profile: Profile) -> int:
    """Return the nodes that the least number of GPUs of a strategy, or of a pool's mode, asks for."""
    return math.ceil(_least_gpus(recipe, key, hardware_name) / (profile.gpu_count or 8)) or 1


def pool_modes(recipe: Recipe, hardware_name: str, profile: Profile) -> tuple[str, ...]:
    """Return how the pools of a disaggregated deployment may be spread here: `tp`, `tep`, `dep`."""
    wanted = tuple(mode for mode in pd_modes(recipe) if _reachable(recipe, mode, hardware_name, profile, MOST_NODES))
    return wanted or ("tp",)


def pd_modes(recipe: Recipe) -> tuple[str, ...]:
    """Return the pool modes that the strategies of a recipe stand for, narrowed by its `pool_modes`."""
    ends = {"tp": ("tp", "tp_pp", "tp_dp"), "tep": ("tep",), "dep": ("dep",)}
    names = [name for name in listed(recipe) if name != "pd_cluster"]
    found = [
        mode for mode, suffixes in ends.items() if any(f"_{name}".endswith(f"_{end}") for name in names for end in suffixes)
    ]
    asked = recipe.strategy_overrides.get("pd_cluster", StrategyOverride()).pool_modes
    return tuple(mode for mode in found if mode in asked) or tuple(found) or ("tp",)


def default_features(recipe: Recipe, variant: Variant, hardware_name: str) -> tuple[str, ...]:
    """Return the features that are on unless somebody says otherwise."""
    off = {*recipe.opt_in_features, *recipe.hardware_opt_in_features.get(hardware_name, ())} - set(variant.default_modes)
    return tuple(name for name in recipe.features if name not in off)


def modes(feature: Feature, variant_name: str, hardware_name: str, profile: Profile) -> tuple[str, ...]:
    """Return the modes of a feature that a variant has on some hardware."""
    return tuple(name for name, mode in feature.modes.items() if _usable(mode, variant_name, hardware_name, profile))


def mode(
    feature: Feature, name: str, variant_name: str, variant: Variant, hardware_name: str, profile: Profile, asked: str | None
) -> str | None:
    """Return the mode that a feature takes: the one asked for, the variant's, its own default, else the first there is."""
    able = modes(feature, variant_name, hardware_name, profile)
    wishes = (asked, variant.default_modes.get(name), feature.default_mode)
    return next((wish for wish in wishes if wish in able), able[0] if able else None)


def in_strategy(feature: Feature, strategy: str | None) -> bool:
    """Tell whether a feature may be used with a strategy."""
    return not feature.strategies or strategy in feature.strategies


def _precise(variant: Variant, profile: Profile) -> bool:
    limit = variant.precision_hardware or _PRECISIONS.get(variant.precision or "")
    if limit is None:
        return True
    return (not limit.brand or profile.brand == limit.brand) and (
        not limit.generation or limit.generation in profile.generation
    )


def _allowed(recipe: Recipe, name: str, hardware_name: str, profile: Profile, site: Site) -> bool:
    kind = site.strategies[name].deploy_type
    gate = keyed(recipe.strategy_hardware.get(name), profile, hardware_name)
    if gate == "unsupported" or (gate is None and name not in recipe.compatible_strategies):
        return False
    if not _reachable(recipe, name, hardware_name, profile, 1 if kind == "single_node" else MOST_NODES):
        return False
    return kind != "kv_store_lb" and (profile.scalable or not (name.startswith("multi_node_") or name == "pd_cluster"))


def _reachable(recipe: Recipe, key: str, hardware_name: str, profile: Profile, most: int) -> bool:
    return most * (profile.gpu_count or 8) >= _least_gpus(recipe, key, hardware_name)


def _recommended(recipe: Recipe, several: bool) -> str:
    able, wish = listed(recipe), recipe.default_strategy
    if wish in able and wish:
        sibling = wish.replace("single_node_", "multi_node_", 1) if several and wish.startswith("single_node_") else wish
        if sibling in able:
            return sibling
    preferred = ("multi_node_tp", "multi_node_dep", "multi_node_tep") if several else ()
    found = (name for name in (*preferred, "single_node_tp") if name in able)
    return next(found, able[0] if able else "single_node_tp")


def _least_gpus(recipe: Recipe, key: str, hardware_name: str) -> int:
    floor = recipe.strategy_min_gpus
    if isinstance(floor, int):
        return floor
    own = floor.get(hardware_name)
    return max(_in_block({name: size for name, size in floor.items() if isinstance(size, int)}, key), _in_block(own, key))


def _in_block(block: Size | None, key: str) -> int:
    if block is None or isinstance(block, int):
        return block or 0
    return next((block[name] for name in (key, f"multi_node_{key}", f"single_node_{key}") if name in block), 0)


def _usable(mode: Mode, variant_name: str, hardware_name: str, profile: Profile) -> bool:
    if mode.variants and variant_name not in mode.variants:
        return False
    generation = profile.generation[0] if profile.generation else ""
    return "unsupported" not in (mode.hardware.get(generation), mode.hardware.get(hardware_name))
