"""`notes`: one text file that lists the models of each environment."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.artifact import File
from stackspec.ir.family import Family
from stackspec.target import Check, Coverage, Full, Options, Rendered

COVERAGE: Coverage = {"owner": Full()}


class NotesOptions(Options):
    """What may stand under `targets.notes`."""


class Notes:
    """Writes `notes/<environment>.txt`."""

    name = "notes"
    kinds = frozenset({"kubernetes", "compose", "process"})
    Options = NotesOptions
    coverage = COVERAGE
    check: Check | None = None

    def render(self, family: Family, options: Mapping[str, object]) -> Rendered:
        """Return one file for each environment."""
        return Rendered(
            tuple(
                File(f"notes/{name or 'all'}.txt", _text(stack.owner, list(stack.models)).encode(), (name,) if name else ())
                for name, stack in family.stacks.items()
            )
        )


def _text(owner: str | None, models: list[str]) -> str:
    return "\n".join([f"owner: {owner or 'nobody'}", *models, ""])


TARGET = Notes()
