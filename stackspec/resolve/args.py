"""What is wrong with `args` and `env` as written: flags with a key of their own, flags given twice, and what the engine refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stackspec.diagnostics import Because, Delete, Finding, Fix, Set
from stackspec.engines import EngineBackend, Written
from stackspec.ir.path import Path
from stackspec.ir.stack import Engine, Json

Leaf = tuple[str, ...]
_CARRIED = ("context_length", "dtype", "quantization", "kv_cache_dtype", "gpu_memory_utilization", "port", "code_revision",
            "features.prefix_caching", "lora.", "parallelism.", "sampling.")  # fmt: skip
"""Keys whose value is the flag's, word for word."""


def engine_faults(back_end: EngineBackend, engine: Engine) -> Iterator[Finding]:
    """Yield the faults of an engine's own `args` and `env`, once however many models it serves."""
    yield from _faults(
        back_end, Written(engine.version, engine.at, engine.args, _plain(engine.env), {}, engine.image is not None), None
    )


def faults(
    back_end: EngineBackend, engine: Engine, at: Path, section: Any, beneath: Mapping[str, Json]
) -> Iterator[Finding]:  # fmt: skip
    """Yield the faults of the `args` and `env` of a model or role; `beneath` are those of the model that a role inherits."""
    below = {**engine.args, **beneath}
    yield from _faults(
        back_end, Written(engine.version, at, section.args, _plain(section.env), below, engine.image is not None), section
    )


def _faults(back_end: EngineBackend, written: Written, section: Any | None) -> Iterator[Finding]:
    """Yield the faults of one entry; what has a key of its own is judged as an argument only where the engine says how to move it."""
    given: dict[Leaf, tuple[Path, Json]] = {}
    at, owned = (*written.at, "args"), set[str]()
    for key, value in written.args.items():
        for leaf, path, found in _leaves(back_end, key, value):
            before = given.get(leaf)
            if before is not None:
                yield _twice(".".join(leaf), (*at, *before[0]), (*at, *path))
            given[leaf] = path, found
            if leaf[0] in back_end.keys:
                owned.add(key)
    refused = tuple(back_end.faults(written))
    moved = {finding.at for finding in refused if finding.on == "key" and finding.fix is not None}
    for leaf, (path, found) in given.items():
        own = back_end.keys.get(".".join(leaf)) or back_end.keys.get(leaf[0])
        if own is not None and found is not None and (*at, *path) not in moved:
            yield _shadowed(".".join(leaf), own, (*at, *path), found, section)
    places = {(*at, key) for key in owned}
    yield from (finding for finding in refused if finding.at[: len(at) + 1] not in places or finding.at in moved)


def _plain(env: Mapping[str, Any]) -> Mapping[str, Json]:
    """Return variables as they are written, None for those that come from a secret."""
    return {name: None if hasattr(value, "secret") else value for name, value in env.items()}


def _leaves(back_end: EngineBackend, key: str, value: Json) -> Iterator[tuple[Leaf, Path, Json]]:
    """Yield (flag and fields, place below `args`, value) of each value that one key gives."""
    for flag, (path, canonical) in back_end.canonical({key: value}).items():
        dotted = isinstance(value, dict)
        for fields, leaf in _fields(canonical, ()):
            yield (flag, *fields), (*path, *fields[len(key.split(".")) - 1 :]) if dotted else path, leaf


def _fields(value: Json, above: Leaf) -> Iterator[tuple[Leaf, Json]]:
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from _fields(below, (*above, key))
    else:
        yield above, value


def _twice(name: str, first: Path, second: Path) -> Finding:
    return Finding(
        f"`{name}` is given twice", second, hint="keep one of them", because=(Because("the other one", first),),
        fix=Fix((Delete(first),)), code="arg-given-twice", severity="error", on="key",
    )  # fmt: skip


def _shadowed(name: str, own: str, place: Path, value: Json, section: Any | None) -> Finding:
    because: tuple[Because, ...] = ()
    if section is None:
        hint = f"write `{own}` on each model that needs it"
    elif own.startswith("features."):
        hint = f"write it under `features`: `{own}` chooses parser and switches together"
    else:
        hint = f"write `{own}` instead"
    head = place[: place.index("args")]
    fix = None
    if section is not None and _written(section, own):
        because = (Because("its own key, which says something already", (*head, *own.split("."))),)
        hint = f"change `{own}` and remove this"
    elif section is not None and own.startswith(_CARRIED) and isinstance(value, (str, int, float)):
        fix = Fix((Set((*head, *own.split(".")), json.dumps(value)), Delete(place)), safe=True)
    return Finding(
        f"`{name}` has a key of its own, `{own}`", place, hint=hint, because=because, fix=fix,
        code="args-shadow-key", severity="error", on="key",
    )  # fmt: skip


def _written(section: Any, key: str) -> bool:
    """Tell whether a section writes a key, given with dots."""
    for step in key.split("."):
        section = getattr(section, step, None)
        if section is None or section in ("auto", {}, []):
            return False
    return True
