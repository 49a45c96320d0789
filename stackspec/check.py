"""The pipeline up to findings: read, compose, shape, resolve, rules, coverage. Nothing is rendered here."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.diagnostics import Finding
from stackspec.ir.record import record
from stackspec.ir.stack import Stack
from stackspec.source import Map, Source


@record
class Checked:
    """What checking one spec gives. The unnamed environment is "" in all mappings; a finding of the text itself has no environment."""

    spec: str
    environments: tuple[str, ...]
    sources: Mapping[str, Source]
    documents: Mapping[str, Map]
    stacks: Mapping[str, Stack]
    findings: tuple[tuple[str | None, Finding], ...]
