"""Launch files: a folder for each model that says how its engine starts, for any process manager, pod or person."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.family import Family
from stackspec.target import Check, Coverage, Options, Rendered

COVERAGE: Coverage = {}
"""Nothing: what the files say is the engine's to decide."""


class LaunchOptions(Options):
    """Launch files take no options; `launch: null` leaves them out."""


class Launch:
    """Writes what the engines rendered below `launch/`, for each environment in a folder of its own; knows no engine."""

    name = "launch"
    kinds = frozenset({"kubernetes", "compose", "process"})
    Options = LaunchOptions
    coverage = COVERAGE
    check: Check | None = None

    def render(self, family: Family, options: Mapping[str, object]) -> Rendered:
        """Return the launch files of all environments."""
        from .render import files

        return Rendered(files(family))


TARGET = Launch()
