"""How numbers read in messages."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Return a duration as the language writes it: `60ms`, `1.5s`, `247s`."""
    if seconds < 1:
        return f"{round(seconds * 1000, 1):g}ms"
    return f"{round(seconds, 1):.10g}s"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Return names in backquotes, joined."""
    return ", ".join(f"`{name}`" for name in names)
