"""One Markdown page for people: what runs where, who calls whom, what it needs, and how the environments differ."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.family import Family
from stackspec.target import Check, Coverage, Full, Options, Rendered

COVERAGE: Coverage = {"description": Full(), "owner": Full()}
"""What nothing else shows. The page describes the rest, which realises nothing of it."""


class DocsOptions(Options):
    """The page takes no options."""


class Docs:
    """Writes `docs/README.md`, all environments on one page."""

    name = "docs"
    kinds = frozenset({"kubernetes", "compose", "process"})
    Options = DocsOptions
    coverage = COVERAGE
    check: Check | None = None

    def render(self, family: Family, options: Mapping[str, object]) -> Rendered:
        """Return the page."""
        from .render import files

        return Rendered(files(family))


TARGET = Docs()
