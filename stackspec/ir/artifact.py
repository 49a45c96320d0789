"""Files that formats and engines make, before a delivery puts them anywhere."""

from __future__ import annotations

from typing import Literal

from stackspec.ir.path import Path
from stackspec.ir.record import record

Ownership = Literal["generated", "scaffold"]


@record
class Mount:
    """Where a workload finds an artifact: `workload` by its key in the Deployment, absolute `path` in its container."""

    workload: str
    path: str


@record
class Artifact:
    """One file: `path` relative to its target's folder; generated files are ours, scaffolds become the user's once written."""

    path: str
    content: bytes
    ownership: Ownership = "generated"
    mount: Mount | None = None
    executable: bool = False
    at: tuple[Path, ...] = ()


@record
class File:
    """One output file: `path` relative to the output folder; `at` says which places of the spec made it, for provenance."""

    path: str
    content: bytes
    environments: tuple[str, ...] = ()
    ownership: Ownership = "generated"
    executable: bool = False
    at: tuple[Path, ...] = ()
