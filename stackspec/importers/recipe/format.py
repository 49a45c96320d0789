"""The published recipe format: a recipe, the strategies and the hardware that recipes are composed for.

Shape only, as the site reads it: null is as good as absent, numbers are words, what the site drops from lists is dropped here.
Unknown keys are kept, so that `reading` can name them.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# Documents are data that narrow from Any to dict, whose items pyright calls unknown.

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _word(value: object) -> object:
    """Return a scalar as the site prints it; anything else stays, for pydantic to refuse."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (int, float)) else value


def _words(value: object) -> object:
    """Drop the items that the site drops (null, empty, zero, false) and turn the others into words."""
    return tuple(_word(item) for item in value if item) if isinstance(value, (list, tuple)) else value


def _texts(value: object) -> object:
    return {key: _word(item) for key, item in value.items() if item is not None} if isinstance(value, dict) else value


def _present(value: object) -> object:
    return {key: item for key, item in value.items() if item is not None} if isinstance(value, dict) else value


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _tasks(value: object) -> object:
    return [{"id": item} if isinstance(item, str) else item for item in value] if isinstance(value, list) else value


def _task_overrides(value: object) -> object:
    """Give the blocks of a task the id that a task has: they say what differs of it."""
    found = _present(value)
    return (
        {key: {"id": "", **item} if isinstance(item, dict) else item for key, item in found.items()}
        if isinstance(found, dict)
        else found
    )


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Texts = Annotated[dict[str, str], BeforeValidator(_texts)]
Names = Annotated[tuple[str, ...], BeforeValidator(_several)]
Size = int | Annotated[dict[str, int], BeforeValidator(_present)]
"""A number, or numbers by GPU, generation, brand or `default`."""
Gate = Annotated[dict[str, str], BeforeValidator(_present)]


class Part(BaseModel):
    """One mapping of the format."""

    model_config = ConfigDict(extra="allow", frozen=True, coerce_numbers_to_str=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def without_null(cls, data: object) -> object:
        """Take null for absent."""
        return _present(data)


class Override(Part):
    """What one hardware adds; `args` is for features and modes, where it replaces."""

    extra_args: Words = ()
    extra_env: Texts = {}
    docker_image: str | None = None
    args: Words | None = None


Overrides = Annotated[dict[str, Override], BeforeValidator(_present)]
"""By exact GPU or by generation; an empty block is present."""
Image = (
    str | Annotated[dict[str, Annotated[str | dict[str, str], Field(union_mode="left_to_right")]], BeforeValidator(_present)]
)
"""A reference, or references by brand, or by CUDA (`cu129`, `cu130`)."""


class Mode(Part):
    """One of several ways to do a feature."""

    args: Words = ()
    label: str | None = None
    description: str | None = None
    variants: tuple[str, ...] = ()
    hardware: Gate = {}
    hardware_overrides: Overrides = {}


class Companion(Part):
    """A process that must run beside the engine."""

    command: str | None = None
    label: str | None = None
    description: str | None = None


class Feature(Part):
    """What can be switched on and off."""

    args: Words = ()
    label: str | None = None
    description: str | None = None
    modes: Annotated[dict[str, Mode], BeforeValidator(_present)] = {}
    default_mode: str | None = None
    strategies: tuple[str, ...] = ()
    hardware: Gate = {}
    hardware_overrides: Overrides = {}
    companion: Companion | None = None


class PrecisionHardware(Part):
    """The only hardware that a precision runs on."""

    brand: str | None = None
    generation: str | None = None


class Variant(Part):
    """One checkpoint of the model."""

    model_id: str | None = None
    precision: str | None = None
    precision_hardware: PrecisionHardware | None = None
    vram_minimum_gb: float = 0
    label: str | None = None
    description: str | None = None
    min_vllm_version: str | None = None
    nightly_required: bool = False
    docker_image: Image | None = None
    supported_hardware: tuple[str, ...] = ()
    tp: Size | None = None
    extra_args: Words = ()
    extra_env: Texts = {}
    default_modes: Annotated[dict[str, str], BeforeValidator(_present)] = {}
    hardware_overrides: Overrides = {}


class Role(Part):
    """A pool of a disaggregated deployment; in a strategy only arguments, environment and the mode stand."""

    nodes: Size | None = None
    parallelism: str | None = None
    tp: int | None = None
    parallel_flag: str | None = None
    extra_args: Words = ()
    vllm_args: Words = ()
    env: Texts = {}
    hardware_overrides: Overrides = {}


class Router(Part):
    """What stands before the pools."""

    policy: str | None = None
    intra_node_data_parallel_size: int | None = None


class StrategyOverride(Part):
    """What a recipe changes of a strategy."""

    tp: Size | None = None
    extra_args: Words = ()
    vllm_args: Words = ()
    extra_env: Texts = {}
    env: Texts = {}
    hardware_overrides: Overrides = {}
    pool_modes: tuple[str, ...] = ()
    prefill: Role = Role()
    decode: Role = Role()
    router: Router | None = None


class ModelPart(Part):
    """`model`: the checkpoint and what it always needs."""

    model_id: str | None = None
    min_vllm_version: str | None = None
    docker_image: Image | None = None
    nightly_required: bool = False
    install: object = None
    architecture: str | None = None
    parameter_count: str | None = None
    active_parameters: str | None = None
    context_length: object = None
    supports_dcp: bool = False
    flashinfer_autotune: bool = False
    base_args: Words = ()
    base_env: Texts = {}


class Meta(Part):
    """`meta`: what the site shows, and which hardware was tried."""

    title: str | None = None
    slug: str | None = None
    provider: str | None = None
    description: str | None = None
    date_added: str | None = None
    date_updated: str | None = None
    difficulty: str | None = None
    tasks: Names = ()
    performance_headline: str | None = None
    related_recipes: object = None
    platforms: object = None
    hardware: dict[str, str | None] = {}
    default_hardware: str | None = None


class Task(Part):
    """A task of an omni model; it may serve another checkpoint."""

    id: str
    key: str | None = None
    label: str | None = None
    endpoint: str | None = None
    model_id: str | None = None
    vram_minimum_gb: float | None = None
    description: str | None = None
    axes: object = None
    extra_args: Words = ()
    hardware_overrides: Annotated[dict[str, Task], BeforeValidator(_task_overrides)] = {}
    curl: str | None = None


class Omni(Part):
    """`omni`: how vLLM-Omni serves the model."""

    tasks: Annotated[tuple[Task, ...], BeforeValidator(_tasks)] = ()
    port: int | None = None
    serve_binary: str | None = None
    task_axes: object = None
    task_label: str | None = None
    task_hint: str | None = None
    variant_label: str | None = None
    variant_hint: str | None = None


class Dependency(Part):
    """What is installed beside the engine."""

    note: str | None = None
    command: str | None = None
    optional: bool = False
    brand: Names = ()
    install_modes: Names = ()


class Recipe(Part):
    """One recipe."""

    meta: Meta = Meta()
    model: ModelPart = ModelPart()
    dependencies: tuple[Dependency, ...] = ()
    features: Annotated[dict[str, Feature], BeforeValidator(_present)] = {}
    opt_in_features: tuple[str, ...] = ()
    hardware_opt_in_features: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_present)] = {}
    variants: Annotated[dict[str, Variant], BeforeValidator(_present)] = {}
    compatible_strategies: tuple[str, ...] = ()
    default_strategy: str | None = None
    strategy_hardware: Annotated[dict[str, Gate], BeforeValidator(_present)] = {}
    strategy_min_gpus: int | Annotated[dict[str, Size], BeforeValidator(_present)] = 0
    kv_cache_strategy_hardware: object = None
    kv_offload_support: object = None
    hardware_overrides: Overrides = {}
    hardware_notes: object = None
    strategy_overrides: Annotated[dict[str, StrategyOverride], BeforeValidator(_present)] = {}
    advanced_options: object = None
    omni: Omni = Omni()
    guide: str | None = None


class Strategy(Part):
    """How a model is spread, before a recipe says anything."""

    name: str | None = None
    deploy_type: Literal["single_node", "multi_node", "pd_cluster", "kv_store_lb"] = "single_node"
    parallelism: str | None = None
    parallel_flag: str = "--tensor-parallel-size"
    vllm_args: Words = ()
    env: Texts = {}
    prefill: Role = Role()
    decode: Role = Role()
    router: Router | None = None


class Profile(Part):
    """One kind of node."""

    brand: str | None = None
    generation: Names = Field((), validation_alias=AliasChoices("generation", "gpu_generation"))
    gpu_count: int = 1
    vram_gb: float = 0
    scalable: bool = True
    restricted: bool = False


class Site(BaseModel):
    """What all recipes share."""

    model_config = ConfigDict(frozen=True)

    strategies: Mapping[str, Strategy]
    hardware: Mapping[str, Profile]


def keyed(value: Any, profile: Profile, hardware: str) -> Any:  # Any: a number or a word, or a mapping to such by hardware
    """Return what a mapping says of some hardware: by exact GPU, generation, brand, else its `default`; a plain value is itself."""
    if not isinstance(value, dict):
        return value
    generation = profile.generation[0] if profile.generation else ""
    for key in (hardware, generation, (profile.brand or "").lower(), "default"):
        if key and key in value:
            return value[key]
    return None
