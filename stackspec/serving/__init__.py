"""Serving modes: one file per mode that owns the processes of models: their addresses, and their lowering to workloads."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from typing import Protocol

from stackspec.diagnostics import Finding
from stackspec.folders import modules
from stackspec.ir.deployment import Volume, Workload
from stackspec.ir.record import record
from stackspec.ir.stack import Address, Cluster, Stack
from stackspec.target import Coverage, plug_in


@record
class Lowered:
    """What a mode made of the models of a stack."""

    workloads: Mapping[str, Workload]
    volumes: Mapping[str, Volume] = {}
    findings: tuple[Finding, ...] = ()


class Mode(Protocol):
    """One serving mode; everything of it lives in `serving/<name>.py`."""

    name: str
    kinds: frozenset[str]
    """Cluster kinds in which it exists."""
    coverage: Coverage

    def address(self, name: str, port: int, index: int, cluster: Cluster) -> Address:
        """Return where the rest of the stack reaches a model; `index` is its place in order of names among the models run here."""
        ...

    def lower(self, stack: Stack) -> Lowered:
        """Return the workloads of all models that this mode owns."""
        ...


@functools.cache
def mode(name: str) -> Mode | None:
    """Return a serving mode by name: a built-in file, else an installed entry point of `stackspec.serving`; None: not installed."""
    module = name.replace("-", "_")
    if module in built_in():
        found: Mode = importlib.import_module(f"stackspec.serving.{module}").MODE
        return found
    installed: Mode | None = plug_in("stackspec.serving", name)
    return installed


@functools.cache
def built_in() -> tuple[str, ...]:
    """Return the module names of the modes that ship with the compiler, sorted."""
    return modules(__file__)
