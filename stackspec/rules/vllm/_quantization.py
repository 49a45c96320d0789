"""Methods of quantization that read each other's checkpoints."""

from __future__ import annotations

FAMILIES = ("awq", "gptq", "modelopt")
"""Each has several methods, whose names hold its own: `awq`, `auto_awq`, `awq_marlin`."""


def family(method: str | None) -> str | None:
    """Return the family of a method; one that is alone is a family of its own."""
    return next((name for name in FAMILIES if method and name in method), method)
