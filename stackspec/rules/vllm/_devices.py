"""The devices that a process is told to take."""

from __future__ import annotations

from stackspec.rules import Launched


def device_ids(launched: Launched) -> list[int | str]:
    """Return the devices as vLLM reads their list, numbers as numbers; none where the value is no text."""
    text = launched.value("device_ids")
    if isinstance(text, int) and not isinstance(text, bool):
        return [text]
    parts = [part.strip() for part in text.split(",")] if isinstance(text, str) else []
    return [int(part) if part.isdigit() else part for part in parts]
