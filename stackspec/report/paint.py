"""Colour for terminals, or none."""

from __future__ import annotations

CODES = {"error": "1;31", "warning": "1;33", "info": "1;36", "rule": "1;34", "bold": "1", "good": "1;32"}


class Painter:
    """Adds colour, or nothing at all."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, name: str) -> str:
        """Return text in the colour of a severity or a part."""
        return f"\x1b[{CODES[name]}m{text}\x1b[0m" if self.color and text.strip() else text
