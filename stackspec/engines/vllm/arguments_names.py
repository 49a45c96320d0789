"""What is said about options and variables that a release does not know: short for one, of another release, or of none."""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Rename, nearest
from stackspec.engines.vllm import arguments_lives as lives
from stackspec.engines.vllm.arguments_values import Reading
from stackspec.engines.vllm.features import fault
from stackspec.engines.vllm.omni import OMNI, adds
from stackspec.engines.vllm.release import Release
from stackspec.ir.path import Path
from stackspec.ir.record import replace
from stackspec.ir.stack import Flag, Json


def unknown(reading: Reading, name: str, value: Json, at: Path) -> Iterator[Finding]:
    """Yield the fault of a name that is no option; one that negates an option, or is another program's, may be none."""
    if any(_dashed(name) in option.negative for option in reading.known.options.values()):
        if not isinstance(value, bool):
            yield fault("boolean-expected", f"`{at[-1]!s}` is on or off, not {value!r}", at, "write true or false")
    elif name != OMNI and not adds({**reading.written.beneath, **reading.written.args}, name):
        yield _unknown(reading, name, value, at)


def not_in_release(flag: Flag, known: Release) -> Finding:
    """Return the fault of a key of the spec for which the release has no option."""
    life = lives.life("options", flag.name, known.version)
    told = life.told if life else "is in no release that the catalog knows"
    hint = f"pin vLLM {life.since} or newer, or remove this" if life and life.since else "remove this"
    return fault("not-in-release", f"vLLM {known.version} cannot do this: its option `{flag.name}` {told}", flag.at, hint)


def _unknown(reading: Reading, name: str, value: Json, at: Path) -> Finding:
    """Return the fault of a name that is no option of the release: short for one, of another release, or of none."""
    full = _abbreviated(name, reading.known)
    if full is not None:
        return _short(name, full, at, reading.known)
    life = lives.life("options", name, reading.known.version) or lives.life("spellings", _dashed(name), reading.known.version)
    if life is not None:
        message = f"`{name}` {life.told}, and this is {reading.known.version}"
        hint, fix = lives.instead(reading, "options", name, value, at, life)
        return replace(fault("arg-not-in-release", message, at, hint), on="key", fix=fix)
    best = nearest(name, (*reading.known.options, *(name for name in reading.known.aliases if len(name) > 3)), 0.7)
    hint = f"did you mean `{best}`?" if best else "`stackspec catalog engines vllm==…` lists the options of a release"
    return replace(fault("unknown-arg", f"vLLM {reading.known.version} has no option `{name}`", at, hint), on="key")


def _short(name: str, full: str, at: Path, known: Release) -> Finding:
    """Return the warning about an abbreviation, which means something until a release has two options that begin so."""
    message = f"`{name}` is short for `{full}` in vLLM {known.version}, until a release has another option that begins so"
    head, dot, rest = str(at[-1]).partition(".")
    fix = Fix((Rename(at, (full.replace("_", "-") if "-" in head else full) + dot + rest),), safe=True)
    return replace(fault("unknown-arg", message, at, f"write `{full}`"), severity="warning", on="key", fix=fix)


def _abbreviated(name: str, known: Release) -> str | None:
    """Return the spelling of which argparse takes `name` for the beginning; None where there is none, or more than one."""
    begin = _dashed(name)
    found = {
        spelling for full, option in known.options.items()
        for spelling in (_dashed(full), *option.aliases, *option.negative) if spelling.startswith(begin)
    }  # fmt: skip
    return found.pop()[2:].replace("-", "_") if len(found) == 1 else None


def _dashed(name: str) -> str:
    return "--" + name.replace("_", "-")


def variable(reading: Reading, name: str) -> Iterator[Finding]:
    """Yield what is said about a variable that the release does not read; an error where the engine is told to be strict."""
    if lives.elsewhere(name):
        return
    known, at = reading.known, (*reading.written.at, "env", name)
    life = lives.life("environment", name, known.version)
    fix: Fix | None = None
    if life is None:
        best = nearest(name, known.environment, 0.8)
        message, hint = f"vLLM {known.version} reads no variable `{name}`", f"did you mean `{best}`?" if best else None
    else:
        message = f"`{name}` {life.told}, and this is {known.version}: nobody reads it"
        hint, fix = lives.instead(reading, "environment", name, reading.variable(name), at, life)
    strict = reading.given("fail_on_environ_validation") is True
    found = fault("unknown-engine-variable", message, at, hint)
    yield replace(found, severity="error" if strict else "warning", on="key", fix=fix)
