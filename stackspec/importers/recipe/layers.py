"""Arguments and environment of one process, layer over layer as the site puts them; of equal spellings the last one wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from stackspec.importers.recipe import offer
from stackspec.importers.recipe.format import (
    Feature,
    Override,
    Overrides,
    Profile,
    Recipe,
    Role,
    Strategy,
    StrategyOverride,
    Variant,
    keyed,
)
from stackspec.ir.record import record

_JOINED_TRAYS = ("gb200", "gb300")
_ONLY_THERE = ("NCCL_CUMEM_ENABLE", "NCCL_MNNVL_ENABLE", "NCCL_NVLS_ENABLE", "UCX_NET_DEVICES", "VLLM_USE_NCCL_SYMM_MEM")
"""Variables that disaggregation sets for NVLink between nodes, which only racks of these trays have."""


@record
class Composition:
    """One choice with everything that it looks up."""

    recipe: Recipe
    variant_name: str
    variant: Variant
    strategy_name: str
    strategy: Strategy
    hardware: str
    profile: Profile
    features: tuple[str, ...]
    modes: Mapping[str, str]

    @property
    def override(self) -> StrategyOverride:
        """What the recipe changes of the strategy."""
        return self.recipe.strategy_overrides.get(self.strategy_name) or _NOTHING

    @property
    def generation(self) -> str:
        """The generation by which overrides are looked up."""
        return self.profile.generation[0] if self.profile.generation else ""


_NOTHING = StrategyOverride()


@record
class Place:
    """One process of the deployment: its pool, the pool's nodes and mode, and its node."""

    role: str = "serve"
    nodes: int = 1
    mode: str | None = None
    rank: int = 0


def arguments(composed: Composition, place: Place, topology: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments of a process after the model."""
    recipe, override, role = composed.recipe, composed.override, role_of(composed.override, place.role)
    exact = composed.variant.hardware_overrides.get(composed.hardware)
    words = [*recipe.model.base_args, *composed.variant.extra_args, *(exact.extra_args if exact else ())]
    words += [*strategy_role(composed, place).vllm_args, *topology]
    words += [*role.extra_args, *role.vllm_args] if role else [*override.extra_args, *override.vllm_args]
    words += [word for block in hardware_blocks(composed, place) for word in block.extra_args]
    words += [word for name in composed.features for word in feature_args(composed, name)]
    return last_wins(words)


def environment(composed: Composition, place: Place) -> dict[str, str]:
    """Return the environment of a process."""
    override, role = composed.override, role_of(composed.override, place.role)
    exact = composed.variant.hardware_overrides.get(composed.hardware)
    env = {**composed.recipe.model.base_env, **composed.variant.extra_env, **(exact.extra_env if exact else {})}
    env |= strategy_role(composed, place).env
    env |= _devices(composed, place) if role else {}
    env |= {**override.env, **(role.env if role else override.extra_env)}
    for block in hardware_blocks(composed, place):
        env |= block.extra_env
    return _of_pool(env, composed, place) if role else env


def role_of(override: StrategyOverride, role: str) -> Role | None:
    """Return what the recipe says of a pool; None where there are no pools."""
    return {"prefill": override.prefill, "decode": override.decode}.get(role)


def strategy_role(composed: Composition, place: Place) -> Role:
    """Return what the strategy says for all processes of a role."""
    strategy = composed.strategy
    pools = {"prefill": strategy.prefill, "decode": strategy.decode}
    return pools.get(place.role) or Role(vllm_args=strategy.vllm_args, env=strategy.env)


def by_generation(overrides: Overrides, generation: str, profile: Profile) -> Override | None:
    """Return the block of a generation; `nvidia` stands in for one that is missing."""
    return overrides.get(generation) or (overrides.get("nvidia") if profile.brand == "NVIDIA" else None)


def hardware_blocks(composed: Composition, place: Place) -> Iterator[Override]:
    """Yield what hardware adds: the strategy's block in the place of the recipe's and the variant's, then those of the exact GPU."""
    override, role = composed.override, role_of(composed.override, place.role)
    whole = by_generation(override.hardware_overrides, composed.generation, composed.profile)
    own = (composed.recipe.hardware_overrides, composed.variant.hardware_overrides)
    parts = [whole] if whole else [by_generation(blocks, composed.generation, composed.profile) for blocks in own]
    parts += [
        blocks.get(composed.hardware) for blocks in (override.hardware_overrides, role.hardware_overrides if role else {})
    ]
    yield from (part for part in parts if part)


def feature_args(composed: Composition, name: str) -> tuple[str, ...]:
    """Return the arguments of a feature, or of the mode that it takes; a block of the hardware replaces them."""
    feature = composed.recipe.features[name]
    if not offer.in_strategy(feature, composed.strategy_name):
        return ()
    if feature.modes:
        return _mode_args(composed, name, feature)
    block = by_generation(feature.hardware_overrides, composed.generation, composed.profile)
    return block.args if block and block.args is not None else feature.args


def last_wins(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words with the last of equal options at its place; a word that holds an option and its value becomes two."""
    units = list(_units([part for word in words for part in _split(word)]))
    last = {unit[0]: index for index, unit in enumerate(units)}
    kept = (unit for index, unit in enumerate(units) if not unit[0].startswith("-") or last[unit[0]] == index)
    return tuple(word for unit in kept for word in unit)


def _mode_args(composed: Composition, name: str, feature: Feature) -> tuple[str, ...]:
    variant = composed.variant_name, composed.variant
    chosen = offer.mode(feature, name, *variant, composed.hardware, composed.profile, composed.modes.get(name))
    if chosen is None:
        return ()
    mode = feature.modes[chosen]
    block = keyed(mode.hardware_overrides, composed.profile, composed.hardware)
    return block.args if block and block.args is not None else mode.args


def _devices(composed: Composition, place: Place) -> dict[str, str]:
    """Return the devices of a pool's node, and the interface where the pool spans several."""
    devices = {"CUDA_VISIBLE_DEVICES": ",".join(str(index) for index in range(composed.profile.gpu_count))}
    network = {"GLOO_SOCKET_IFNAME": "$IFACE_NAME", "NCCL_SOCKET_IFNAME": "$IFACE_NAME"}
    return {**devices, **(network if place.nodes > 1 else {})}


def _of_pool(env: dict[str, str], composed: Composition, place: Place) -> dict[str, str]:
    """Leave out what only joined trays understand, and let each node of a data-parallel pool name itself."""
    first, own = (f"${place.role.upper()}_NODE_{number}" for number in (1, place.rank + 1))
    if place.mode == "dep":
        env = {key: own if value == first else value for key, value in env.items()}
    return {key: value for key, value in env.items() if composed.hardware in _JOINED_TRAYS or key not in _ONLY_THERE}


def _split(word: str) -> list[str]:
    return word.split(None, 1) if word.startswith("-") else [word]


def _units(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield each option with the value behind it, and words that belong to none."""
    rest = iter(range(len(words)))
    for index in rest:
        pair = words[index : index + 2]
        if pair[0].startswith("-") and len(pair) > 1 and not pair[1].startswith("-"):
            next(rest)
            yield tuple(pair)
        else:
            yield (pair[0],)
