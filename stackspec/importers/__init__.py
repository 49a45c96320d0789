"""Importers: what people already run becomes a spec. One file or folder per kind, found by name."""

from __future__ import annotations

import functools
import importlib
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from typing import Protocol

from stackspec.diagnostics import Finding, Severity
from stackspec.folders import modules
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.ir.stack import Json, RoleName


@record
class Process:
    """One engine process as somebody runs it.

    `argv` is what stands after `vllm serve`; the model may stand first or behind `--model`. Addresses and node ranks may be
    variables (`$HEAD_IP`). `follower` is the rank of a further node (1, 2, …), None for the process that serves. `files` holds the
    text of files that the arguments name, by the path written there: configuration files and chat templates. `nodes` are those of a
    replica, where something beside the arguments says so. `mounts` says where the
    folders of its container are, as sources (`pvc://claim`, `file:///path`), and `secrets` which variables come from (name, key) of a
    Kubernetes Secret.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = {}
    image: str | None = None
    role: RoleName = "serve"
    follower: int | None = None
    files: Mapping[str, str] = {}
    nodes: int | None = None
    mounts: Mapping[str, str] = {}
    secrets: Mapping[str, tuple[str, str]] = {}


@record
class Hardware:
    """What the processes run on, as far as somebody says it; `accelerator` is a name of the catalog, `cpu` for none.

    `pool` is the name to give the pool. An accelerator that the catalog lacks is described in the spec itself: by `vendor`, and by
    `memory`, a quantity such as `80Gi`. `numa_nodes` are those of a node without accelerators, where ranks spread over them. `namespace` is
    that of a cluster. A node has `least_per_node` at least, where nobody says how many.
    """

    accelerator: str | None = None
    gpus_per_node: int | None = None
    nodes: int | None = None
    pool: str | None = None
    vendor: str | None = None
    memory: str | None = None
    numa_nodes: int | None = None
    namespace: str | None = None
    least_per_node: int | None = None


@record
class Imported:
    """A spec: its data in the order of its keys, its text, further files by their path beside it, and what needs an eye.

    The findings' paths lie in the new document.
    """

    document: Mapping[str, Json]
    text: str
    findings: tuple[Finding, ...] = ()
    files: Mapping[str, str] = {}


@record
class Input:
    """What is imported: the `words` of a command, or the `text` of the file `name`. `read` opens a file that these name, or gives None."""

    name: str
    text: str | None
    words: tuple[str, ...]
    read: Callable[[str], str | None]


def remark(severity: Severity, code: str, message: str, hint: str | None = None, at: Path = ()) -> Finding:
    """Return a finding about what was imported, at a place of the new document.

    Its code is no rule, for it is said once, when the spec is made; its page is a file in `rules/imported`.
    """
    return Finding(message, at, hint=hint, severity=severity, code=code)


class Importer(Protocol):
    """One kind of thing that becomes a spec; everything of it lives in `importers/<kind>`, as `IMPORTER`."""

    summary: str
    """One line for the list of kinds."""
    anywhere: bool
    """Whether what is imported may lead to files outside of its folder."""

    def arguments(self, parser: ArgumentParser) -> None:
        """Declare the options of this kind."""
        ...

    def convert(self, source: Input, options: Namespace) -> Imported:
        """Return the spec; raises StackspecError for what is no such thing at all."""
        ...


@functools.cache
def importer(kind: str) -> Importer:
    """Return the importer of a kind that `kinds` lists."""
    found: Importer = importlib.import_module(f"stackspec.importers.{kind.replace('-', '_')}").IMPORTER
    return found


@functools.cache
def kinds() -> tuple[str, ...]:
    """Return what can be imported, sorted."""
    return tuple(name.replace("_", "-") for name in modules(__file__))
