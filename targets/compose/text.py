"""How Compose spells things: dollars, sizes, times, and the variables that hold secrets."""

from __future__ import annotations

import re

from stackspec.ir.stack import SecretUse
from stackspec.units import duration_text

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def literal(text: str) -> str:
    """Return text of the spec so that Compose's interpolation gives it back unchanged."""
    return text.replace("$", "$$")


def variable(use: SecretUse) -> str:
    """Return the environment variable that holds a secret; one of several keys has a variable of its own.

    Neither half ever holds `__`, so two secrets never share a variable by the way their names meet.
    """
    name = use.secret.name if use.secret.kind == "env" and _VARIABLE.fullmatch(use.secret.name) else _upper(use.secret.id)
    return name if use.key is None else f"{name}__{_upper(use.key)}"


def required(use: SecretUse) -> str:
    """Return the interpolation of a secret's variable; Compose refuses to start while it is empty."""
    name = variable(use)
    return f"${{{name}:?set {name}, secret {use.secret.id}}}"


def size(value: int) -> str:
    """Return bytes in the largest unit that is exact."""
    for factor, unit in ((2**30, "g"), (2**20, "m"), (2**10, "k")):
        if value and value % factor == 0:
            return f"{value // factor}{unit}"
    return f"{value}b"


def cpus(value: float) -> str:
    """Return a number of CPUs without a needless fraction."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def seconds(value: float) -> str:
    """Return a duration."""
    return duration_text(value)


def _upper(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").upper()
    return name if _VARIABLE.fullmatch(name) else f"SECRET_{name}"
