"""Importing in tests: a command or a file, as `stackspec import vllm` takes it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping

from stackspec.importers import Imported, Input, importer
from stackspec.importers.vllm.grammar import grammar
from stackspec.importers.vllm.grouping import Member, grouped
from stackspec.importers.vllm.reading import processes

RELEASE = "0.33.0"


def convert(text: str, *options: str, name: str = "serve.sh", files: Mapping[str, str] | None = None) -> Imported:
    """Return the spec of a script, with the options of the command line; `files` are those that it may read."""
    parser = ArgumentParser()
    importer("vllm").arguments(parser)
    return importer("vllm").convert(_input(text, name, files), parser.parse_args(options))


def started(text: str, *, files: Mapping[str, str] | None = None, release: str = RELEASE) -> list[list[Member]]:
    """Return the processes that a script starts, by model."""
    return grouped(processes(_input(text, "serve.sh", files), {}), grammar(release))


def codes(made: Imported, *severities: str) -> list[str]:
    """Return the codes of findings, in their order; of all severities where none is named."""
    return [finding.code for finding in made.findings if not severities or finding.severity in severities]


def _input(text: str, name: str, files: Mapping[str, str] | None) -> Input:
    known = dict(files or {})
    return Input(name, text, (), known.get)
