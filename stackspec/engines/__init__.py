"""Serving engines: one file per engine turns a model into launches and renders them in its own native forms."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from stackspec.diagnostics import Finding
from stackspec.folders import modules
from stackspec.ir.fit import Fit
from stackspec.ir.path import Path
from stackspec.ir.performance import Performance
from stackspec.ir.record import record
from stackspec.ir.stack import Group, Json, Launch, Model, Pool, Product, ProjectFile, Runtime
from stackspec.target import Coverage, plug_in, whole

Word = str | tuple["str | Runtime | Product", ...]
"""One word of a command line: text, or text joined with run-time values."""


@record
class Launches:
    """What an engine made of one group: the leader, each further node, and what it could not do."""

    leader: Launch
    worker: Launch | None = None
    findings: tuple[Finding, ...] = ()


@record
class Written:
    """What one entry, an engine, a model or a role, says in the engine's own words; `at` is its place.

    A variable that comes from a secret is None. `beneath` are the `args` that its own are laid over; `image` tells that it runs in an
    image of one's own, which may hold plug-ins.
    """

    version: str
    at: Path
    args: Mapping[str, Json]
    env: Mapping[str, Json]
    beneath: Mapping[str, Json]
    image: bool = False


@record
class Changed:
    """An option whose value, where nobody gives one, differs between two releases; values in words.

    `effect` says what that does, `keep` what to write so that it stays as it was, `needs` the option without which it means nothing.
    """

    option: str
    before: str
    after: str
    effect: str | None
    keep: str | None
    needs: str | None


class EngineBackend(Protocol):
    """One serving engine; everything of it lives in `engines/<name>.py` and its catalog tables."""

    name: str
    coverage: Coverage
    """Which places under `models.*` and `engines.*` it realises."""
    keys: Mapping[str, str]
    """Flag (canonical, with underscores) → the key of a model that means the same, such as `max_model_len` → `context_length`."""

    def releases(self) -> tuple[str, ...]:
        """Return the releases that the catalog knows, oldest first; another one is judged by the nearest older."""
        ...

    def image(self, version: str, pool: Pool) -> str:
        """Return the engine's own image of a release for the accelerators, or the CPUs, of a pool."""
        ...

    def canonical(self, args: Mapping[str, Json]) -> dict[str, tuple[tuple[str | int, ...], Json]]:
        """Return `args` by canonical flag name: dotted keys and nested maps become one value; with each the path below `args`."""
        ...

    def faults(self, written: Written) -> Iterable[Finding]:
        """Return what the release refuses, or takes for something else, of the words of one entry."""
        ...

    def changed(self, before: str, after: str) -> Iterable[Changed]:
        """Return the defaults that matter and differ from one release to another."""
        ...

    def launches(self, model: Model, group: Group) -> Launches:
        """Return the processes of one replica of a group."""
        ...

    def argv(self, launch: Launch, path: Callable[[ProjectFile], str]) -> tuple[Word, ...]:
        """Return the whole command line, entry point first; `path` says where a project file is found."""
        ...

    def config_file(self, launch: Launch, path: Callable[[ProjectFile], str]) -> str | None:
        """Return the text of the engine's own configuration file; None where it has none. Run-time values are left to flags."""
        ...

    def beside(self, launch: Launch, config: str, path: Callable[[ProjectFile], str]) -> tuple[Word, ...]:
        """Return the command line that reads the configuration file `config` and says what that cannot; asked only where one is."""
        ...


@runtime_checkable
class Listed(Protocol):
    """An engine whose releases `stackspec catalog engines` can show one by one; none has to be."""

    def listing(self, version: str) -> dict[str, Any] | None:  # Any: JSON
        """Return all that the catalog has of a release; None: it does not know it."""
        ...

    def listed(self, release: dict[str, Any]) -> str:
        """Return that for readers."""
        ...


@runtime_checkable
class Sized(Protocol):
    """An engine that can tell whether a replica starts; none has to be."""

    def fit(self, model: Model, group: Group, launch: Launch) -> Fit:
        """Return what the ranks of one replica hold; a fact that nobody supplied makes it `unknown`, by name."""
        ...

    def performance(self, model: Model, group: Group, launch: Launch) -> Performance:
        """Return how fast all replicas of a group answer, whose `fit` bounds what runs at once."""
        ...


@functools.cache
def engine(kind: str) -> EngineBackend | None:
    """Return an engine by kind: a built-in file, else an installed entry point of `stackspec.engines`; None: not installed."""
    module = kind.replace("-", "_")
    if module in built_in():
        found: EngineBackend = importlib.import_module(f"stackspec.engines.{module}").ENGINE
        return found
    installed: EngineBackend | None = plug_in("stackspec.engines", kind)
    return whole(installed, EngineBackend, f"the engine `{kind}`")


@functools.cache
def built_in() -> tuple[str, ...]:
    """Return the module names of the engines that ship with the compiler, sorted."""
    return modules(__file__)
