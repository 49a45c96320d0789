"""Fields of nested configurations, as the classes of the release read them: names, types, words and bounds, at any depth."""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Rename, Severity
from stackspec.engines.vllm.arguments_values import Reading, bounded, judge_words, place, wrong
from stackspec.engines.vllm.features import fault
from stackspec.engines.vllm.release import Class, Field
from stackspec.ir.path import Path
from stackspec.ir.record import replace
from stackspec.ir.stack import Json

_NULL_TOO = frozenset(("KernelConfig.enable_cutedsl_warmup", "KernelConfig.enable_jit_warmup"))
"""Fields for which a validator of the engine takes null as well, whatever their annotation says."""
_WORDS_TOO = frozenset(("IrOpPriorityConfig",))
"""Classes whose lists may be written as text with commas."""
_UNCHECKED = frozenset(("SpeculativeConfig.disable_log_stats", "SpeculativeConfig.enable_chunked_prefill"))
"""Fields that old releases take as they are, whatever their annotation says."""
_TRUE_OR_FALSE = frozenset(("0", "off", "f", "false", "n", "no", "1", "on", "t", "true", "y", "yes"))


def check(reading: Reading, name: str, cls: str, value: dict[str, Json], at: Path, dotted: int = 0) -> Iterator[Finding]:
    """Yield what is wrong with a mapping that becomes a class; `dotted` steps of its fields are part of the key above."""
    known = reading.known.classes[cls]
    for key, item in value.items():
        where, inner = (at, dotted - 1) if dotted else ((*at, key), 0)
        found = known.get(key)
        if found is None:
            one = _unknown(reading, name, cls, known, key, item, place(where))
            yield one if dotted < 2 and place(where) == where else replace(one, fix=None)
        elif known.validated and f"{cls}.{key}" not in _UNCHECKED:
            yield from _field(reading, cls, f"{name}.{key}", key, found, item, where, inner)


def _unknown(reading: Reading, name: str, cls: str, known: Class, key: str, value: Json, at: Path) -> Finding:
    """Return the fault of a name that is no field: of another release, or of none; where it is ignored, a warning."""
    from stackspec.diagnostics import did_you_mean
    from stackspec.engines.vllm import arguments_lives as lives

    release = reading.known.version
    severity: Severity = "error" if known.unknown == "refused" else "warning"
    ignored = "" if known.unknown == "refused" else ", and ignores it"
    life = lives.life("fields", f"{cls}.{key}", release)
    if life is not None:
        message = f"`{name}.{key}` {life.told}, and this is {release}"
        hint, fix = lives.instead(reading, "fields", f"{cls}.{key}", value, at, life)
        return replace(fault("arg-not-in-release", message, at, hint), on="key", fix=fix, severity=severity)
    message = f"`{name}` of vLLM {release} has no field `{key}`{ignored}"
    plain = key.replace("-", "_")
    fix = Fix((Rename(at, str(at[-1]).removesuffix(key) + plain),), safe=True) if plain in known else None
    hint = did_you_mean(key, known)
    return replace(fault("unknown-arg-field", message, at, hint), on="key", fix=fix, severity=severity)


def _field(
    reading: Reading, cls: str, name: str, key: str, found: Field, value: Json, at: Path, dotted: int
) -> Iterator[Finding]:  # fmt: skip
    if value is None:
        if not found.nullable and "any" not in found.type and f"{cls}.{key}" not in _NULL_TOO:
            yield wrong(name, value, found.type, at)
        return
    kinds = [*found.type.split("|"), *(("str",) if cls in _WORDS_TOO else ())]
    chosen = found.choices and not isinstance(value, dict | list)
    if not chosen and not any(_is(kind, value) for kind in kinds):
        yield wrong(name, value, found.type, at)
        return
    if isinstance(value, dict) and found.config:
        yield from check(reading, name, found.config, value, at, dotted)
    elif isinstance(value, dict | list):
        yield from _items(reading, cls, name, key, found, value, at, dotted)
    else:
        yield from judge_words().field(reading, cls, key, found, value, at)
        number = _number(value) if {"int", "float"} & set(kinds) else None
        if number is not None:
            yield from bounded(name, number, found, place(at))


def _items(
    reading: Reading, cls: str, name: str, key: str, found: Field, value: dict[str, Json] | list[Json], at: Path, dotted: int
) -> Iterator[Finding]:  # fmt: skip
    """Yield what is wrong inside a list or a plain mapping, whose bounds hold for what it has."""
    if found.items is None or "any" in found.type:
        return
    steps: list[tuple[str | int, Json]] = [*value.items()] if isinstance(value, dict) else [*enumerate(value)]
    for step, item in steps:
        where: Path = at if dotted else (*at, step)
        yield from _field(reading, cls, f"{name}.{step}", key, found.items, item, where, max(0, dotted - 1))


def _is(kind: str, value: Json) -> bool:
    """Tell whether a value is one of a type, or becomes one without being asked: what the engine's own validation allows."""
    if kind == "any":
        return True
    if kind == "str":
        return isinstance(value, str)
    if kind == "map":
        return isinstance(value, dict)
    if kind == "list":
        return isinstance(value, list)
    if kind == "bool":
        return isinstance(value, bool) or value in (0, 1) or (isinstance(value, str) and value.lower() in _TRUE_OR_FALSE)
    number = _number(value)
    return number is not None and (kind == "float" or number == number // 1)


def _number(value: Json) -> float | None:
    """Return a number, true being 1, or text that says one; None for everything else."""
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None
