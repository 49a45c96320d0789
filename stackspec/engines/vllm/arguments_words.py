"""Whether a word is one of those that an option or a field takes, or a name that the release has registered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stackspec.diagnostics import Finding, Fix, did_you_mean
from stackspec.engines.vllm.features import fault
from stackspec.engines.vllm.release import Field, Option
from stackspec.ir.path import Path
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Json

if TYPE_CHECKING:
    from stackspec.engines.vllm.arguments_values import Reading


@record
class Registry:
    """Names that a release has registered: whether any case will do, what loads more of them, and words for none."""

    name: str
    fold: bool = False
    loads: tuple[tuple[str, ...], ...] = ()
    unset: frozenset[str] = frozenset(("", "none"))


_BACKENDS = Registry("attention_backends", fold=True, unset=frozenset(("", "none", "auto")))
_TOOLS = Registry("tool_parsers", loads=(("tool_parser_plugin",),))
_REASONING = Registry(
    "reasoning_parsers", loads=(("reasoning_parser_plugin",), ("structured_outputs_config", "reasoning_parser_plugin"))
)
_METHODS = Registry("quantization", fold=True)
REGISTRIES: Mapping[str, Registry] = {
    "attention_backend": _BACKENDS, "mm_encoder_attn_backend": _BACKENDS, "AttentionConfig.backend": _BACKENDS,
    "SpeculativeConfig.attention_backend": _BACKENDS, "tool_call_parser": _TOOLS, "reasoning_parser": _REASONING,
    "StructuredOutputsConfig.reasoning_parser": _REASONING, "quantization": _METHODS,
    "load_format": Registry("load_formats", fold=True), "tokenizer_mode": Registry("tokenizer_modes", fold=True),
    "KVTransferConfig.kv_connector": Registry("kv_connectors", loads=(("kv_transfer_config", "kv_connector_module_path"),)),
    "ECTransferConfig.ec_connector": Registry("ec_connectors", loads=(("ec_transfer_config", "ec_connector_module_path"),)),
}  # fmt: skip
"""Option, or class and field, → the registry that its value is looked up in."""
_NAMES = frozenset(
    (*REGISTRIES, "all2all_backend", "ParallelConfig.all2all_backend", "moe_backend", "linear_backend", "SpeculativeConfig.method",
     "SpeculativeConfig.quantization", "SpeculativeConfig.moe_backend", "KernelConfig.moe_backend", "KernelConfig.linear_backend",
     "spec_method", "StructuredOutputsConfig.backend")
)  # fmt: skip
"""Places whose words are names of parts of the engine."""
_NORMALISED = frozenset(
    place + name for place in ("", "KernelConfig.") for name in ("moe_backend", "linear_backend", "sparse_indexer_topk_backend")
)
"""Places whose own reader makes `-` and capitals into `_` and small letters."""


def closed(name: str, found: Option) -> bool:
    """Tell whether an option takes certain words only."""
    return bool(found.choices) or name in REGISTRIES or bool(found.known and found.fold)


def option(reading: Reading, name: str, found: Option, value: Json, at: Path) -> Iterator[Finding]:
    """Yield a fault where the word of an option is none that its release takes."""
    if name in _NORMALISED and isinstance(value, str):
        value = value.lower().replace("-", "_")
    if found.choices or (found.fold and name not in REGISTRIES):
        yield from _listed(reading, name, name, found.choices or found.known, value, at, fold=found.fold)
    elif name in REGISTRIES:
        yield from _registered(reading, name, name, found.known, value, at)


def field(reading: Reading, cls: str, name: str, found: Field, value: Json, at: Path) -> Iterator[Finding]:
    """Yield a fault where the word of a field is none that its class takes."""
    place = f"{cls}.{name}"
    if place in _NORMALISED and isinstance(value, str):
        value = value.lower().replace("-", "_")
    if place in REGISTRIES:
        yield from _registered(reading, place, name, found.choices or found.known, value, at)
    elif found.choices:
        yield from _listed(reading, place, name, found.choices, value, at, fold=found.fold)


def _listed(
    reading: Reading, place: str, name: str, words: Collection[Json], value: Json, at: Path, *, fold: bool
) -> Iterator[Finding]:  # fmt: skip
    if value in words:
        return
    if fold and isinstance(value, str) and value.upper() in words:
        return
    yield _unknown(reading, place, name, words, value, at)


def _registered(
    reading: Reading, place: str, name: str, more: Collection[Json], value: Json, at: Path
) -> Iterator[Finding]:  # fmt: skip
    registry = REGISTRIES[place]
    names: Collection[str] = reading.known.registries.get(registry.name, ())
    if not names or value in names or value in more or str(value).lower() in registry.unset:
        return
    if registry.fold and str(value).casefold() in {str(word).casefold() for word in (*names, *more)}:
        return
    if not any(reading.given(*flag) for flag in registry.loads):
        yield _unknown(reading, registry.name, name, [*names, *more], value, at)


def _unknown(reading: Reading, place: str, name: str, words: Collection[Any], value: Json, at: Path) -> Finding:
    """Return the fault of a word: of another release, or of none."""
    from stackspec.engines.vllm import arguments_lives as lives
    from stackspec.engines.vllm.arguments_values import place as shown

    known, text, inside, at = reading.known, str(value), shown(at) != at, shown(at)
    section, key = (place, text) if place in known.registries else ("words", f"{place}={text}")
    life = lives.life(section, key, known.version) if isinstance(value, str) else None
    fix: Fix | None = None
    if life is not None:
        message = f"`{text}` {life.told} as `{name}`, and this is {known.version}"
        hint, fix = lives.instead(reading, "words", f"{place}={text}", value, at, life)
        fix = None if inside else fix
    else:
        message = f"`{text[:60]}` is none of the {len(words)} words that `{name}` takes in vLLM {known.version}"
        hint = did_you_mean(text, words)
    if place not in known.registries and place not in _NAMES:
        return replace(fault("arg-not-a-choice", message, at, hint), fix=fix)
    found = fault("unknown-engine-name", message, at, hint)
    return replace(found, fix=fix, severity="warning" if reading.written.image else "error")
