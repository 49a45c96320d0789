"""The protocol of a delivery target and of a format, their coverage, and how they are found."""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from stackspec.diagnostics import Finding, StackspecError
from stackspec.ir.artifact import Artifact, File
from stackspec.ir.family import Family
from stackspec.ir.record import record
from stackspec.ir.stack import Stack
from stackspec.spec.base import Section as Options

__all__ = ["Check", "Coverage", "Format", "Full", "Options", "Partial", "Rendered", "Target", "Unsupported"]


Member = TypeVar("Member")


@record
class Full:
    """The place changes what is emitted."""


@record
class Partial:
    """The place is realised in part; `reason` says what is missing."""

    reason: str


@record
class Unsupported:
    """The back end knows the place and cannot express it; `instead` is what to do."""

    reason: str
    instead: str | None = None


Decision = Full | Partial | Unsupported
Coverage = Mapping[str, Decision]
"""Spec path pattern → decision; `*` stands for one step. `**` at the end only for a section that the back end never reads."""


@record
class Check:
    """The real tool that accepts the files: `command` is run per file (`{file}`) or per folder (`{folder}`)."""

    tool: str
    command: tuple[str, ...]


@record
class Rendered:
    """What a target made: files, paths relative to the output folder, and what it could not express."""

    files: tuple[File, ...]
    findings: tuple[Finding, ...] = ()


class Target(Protocol):
    """One delivery target: everything of it lives in `targets/<name>/`."""

    name: str
    kinds: frozenset[str]
    Options: type[Any]
    coverage: Coverage
    check: Check | None

    def render(self, family: Family, options: Mapping[str, object]) -> Rendered:
        """Return the files of all environments of the family; pure."""
        ...


class Format(Protocol):
    """A native format chosen by a word of the spec, such as a gateway kind or an agent framework."""

    name: str
    coverage: Coverage

    def render(self, stack: Stack) -> tuple[Artifact, ...]:
        """Return the files of one environment; pure."""
        ...


@functools.cache
def built_in() -> tuple[str, ...]:
    """Return the names of the targets that ship with the compiler, sorted."""
    import stackspec.targets as package

    found: set[str] = set()
    for folder in package.__path__:
        found |= {name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name, "__init__.py"))}
    return tuple(sorted(found))


@functools.cache
def target(name: str) -> Target | None:
    """Return a target by name: a built-in folder, else an installed entry point; None where nothing has that name."""
    if name in built_in():
        found: Target | None = getattr(importlib.import_module(f"stackspec.targets.{name}"), "TARGET", None)
        return found
    installed: Target | None = plug_in("stackspec.targets", name)
    return whole(installed, Target, f"the target `{name}`")


@functools.cache
def format_named(family: str, word: str) -> Format | None:
    """Return the native format of a word such as `envoy` of the family `gateway`; None where none is installed."""
    if word in built_in():
        formats: Mapping[str, Format] = getattr(importlib.import_module(f"stackspec.targets.{word}"), "FORMATS", {})
        return formats.get(family)
    installed: Format | None = plug_in("stackspec.formats", f"{family}.{word}")
    return installed


@functools.cache
def plug_in(group: str, name: str) -> Any:  # Any: what a third party installed
    """Return what an installed package registered under `group` as `name`; None where there is none."""
    for entry in entries(group):
        if entry.name != name:
            continue
        try:
            return entry.load()
        except Exception as error:  # a broken plug-in is the world's fault, whatever it raises
            raise StackspecError(f"plug-in `{name}` of {group} cannot be loaded: {error}", code=3) from error
    return None


def whole(found: Member | None, protocol: type[Any], what: str) -> Member | None:
    """Return what a plug-in gave; raises StackspecError where it lacks a member of its protocol."""
    if found is None:
        return None
    wanted = {*vars(protocol).get("__annotations__", {}), *(name for name in vars(protocol) if not name.startswith("_"))}
    missing = sorted(name for name in wanted if not hasattr(found, name))
    if missing:
        listed = ", ".join(f"`{name}`" for name in missing)
        hint = f"it needs the members of `{protocol.__name__}` in {protocol.__module__}"
        raise StackspecError(f"{what} of an installed package lacks {listed}", hint=hint, code=3)
    return found


@functools.cache
def entries(
    group: str,
) -> tuple[Any, ...]:  # Any: importlib.metadata.EntryPoint, whose import is the cost that `offered` avoids
    """Return what installed packages register under a group, in order of names."""
    if not offered():
        return ()
    from importlib.metadata import distributions

    found = [entry for package in distributions(path=_installed()) for entry in package.entry_points if entry.group == group]
    return tuple(sorted(found, key=lambda entry: entry.name))


@functools.cache
def offered() -> bool:
    """Tell whether any installed package registers anything with us: reading their files costs a twentieth of asking importlib."""
    return any(_registers(folder) for folder in _installed())


def _installed() -> list[str]:
    """Return where packages are installed. The folder that a run starts in is no such place: it may be a stranger's checkout."""
    here = os.getcwd()
    return [folder for folder in dict.fromkeys(sys.path) if folder and os.path.realpath(folder) != os.path.realpath(here)]


def _registers(folder: str) -> bool:
    try:
        names = [name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return False
    for name in names:
        with contextlib.suppress(OSError), open(os.path.join(folder, name, "entry_points.txt"), "rb") as file:
            if b"[stackspec." in file.read():
                return True
    return False
