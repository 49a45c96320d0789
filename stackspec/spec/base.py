"""The base of every section of the language, in two forms.

Checkers, `regen`, `schema` and `explain` see pydantic models. At run time `pydantic` is never imported: the same class bodies
become plain classes, and the core schema that pydantic made of them (baked by `regen`) fills their instances.
`models()` switches a process to the first form; it must be called before any section is imported.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

BUILDING = os.environ.get("STACKSPEC_MODELS") == "1"

if TYPE_CHECKING or BUILDING:
    from pydantic import BaseModel, ConfigDict

    class Section(BaseModel):
        """One mapping of the language: closed, strict, immutable."""

        model_config = ConfigDict(
            extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True, protected_namespaces=()
        )

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any, /) -> Any:  # Any: pydantic's own hook
            """Validate each mapping once, however many environments share it."""
            from stackspec.spec.shape import validated_once

            return validated_once(cls, handler(source))

else:

    class Section:
        """One mapping of the language, as the baked schema fills it."""

        __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")


class Entry(Section):
    """A named entry of a section: its key is its name, and it may be derived from a sibling."""

    extends: str | None = None
    """Name of a sibling entry that this one patches: mappings merge, scalars and lists replace, `null` removes."""
    renamed_from: str | None = None
    """The entry's former name: its resources keep their identity, so a rename never deletes what runs."""


def written(section: Section) -> frozenset[str]:
    """Return the names of the fields that the document sets, as opposed to defaults."""
    return frozenset(section.__pydantic_fields_set__)
