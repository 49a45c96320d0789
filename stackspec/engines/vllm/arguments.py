"""What one release of vLLM makes of `args` and `env` as they are written: each fault once, at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType

from stackspec.diagnostics import Finding
from stackspec.engines import Written
from stackspec.engines.vllm.arguments_values import Reading, check, inside
from stackspec.engines.vllm.release import Release, release
from stackspec.ir.record import replace
from stackspec.ir.stack import Flag, Group, Json, Product, ProjectFile, Runtime


def faults(written: Written) -> Iterator[Finding]:
    """Yield the faults of one entry's words."""
    reading = Reading(written, release(written.version))
    yield from _as_sure(_faults(reading), reading.known)


def flag_faults(flag: Flag, group: Group) -> Iterator[Finding]:
    """Yield what the release cannot do of a key of the spec, which has become a flag."""
    engine, value = group.engine, flag.value
    known = release(engine.version)
    reading = Reading(Written(engine.version, flag.at, {}, {}, {**engine.args, **group.args}, engine.image is not None), known)
    if flag.name not in known.options:
        found: Iterable[Finding] = (_names().not_in_release(flag, known),)
    elif isinstance(value, Runtime | Product | ProjectFile):
        return
    else:
        faults_ = check(reading, flag.name, value, inside(flag.at))
        found = (replace(one, code="not-in-release") if one.code == "arg-wrong-type" else one for one in faults_)
    yield from _as_sure(found, known)


def _as_sure(found: Iterable[Finding], known: Release) -> Iterator[Finding]:
    """Yield findings; of a release that the catalog does not know, nothing is surer than a warning."""
    exact = known.table == known.version.removeprefix("v")
    for finding in found:
        yield finding if exact or finding.severity != "error" else replace(finding, severity="warning")


def _faults(reading: Reading) -> Iterator[Finding]:
    for key, value in reading.written.args.items():
        yield from _argument(reading, key, value)
    for name in sorted(reading.written.env):
        if name.startswith("VLLM_") and name not in reading.known.environment:
            yield from _names().variable(reading, name)


def _argument(reading: Reading, key: str, value: Json) -> Iterator[Finding]:
    """Yield the faults of one entry of `args`; null takes back what lies beneath, under whatever name."""
    head, *fields = key.split(".")
    name, known, at = head.replace("-", "_"), reading.known, (*reading.written.at, "args", key)
    name = known.aliases.get(name, name)
    if value is None and not fields:
        return
    if name in known.options:
        for field in reversed(fields):
            value = {field: value}
        yield from check(reading, name, value, at, len(fields))
    else:
        yield from _names().unknown(reading, name, value, at)


def _names() -> ModuleType:
    """Return what is said about names that the release does not know: nothing is, most of the time."""
    from stackspec.engines.vllm import arguments_names

    return arguments_names
