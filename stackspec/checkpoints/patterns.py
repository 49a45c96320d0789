"""Names and patterns of modules in quantization configurations: which of a model's modules they mean.

Patterns come from a file that anyone may have written, so only those are obeyed that match in little time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_OUTER = ("model.language_model.", "language_model.model.", "language_model.", "model.", "backbone.", "transformer.", "")
_LONGEST = 200
_QUANTIFIERS = 4
_GROUPED = re.compile(r"\)\s*[*+{]|\(\?[^:]")


class Patterns:
    """A list of names (a module, or all below it), globs and `re:` patterns."""

    def __init__(self, patterns: Iterable[object]) -> None:
        self._names: set[str] = set()
        self._expressions: list[re.Pattern[str]] = []
        self.refused: list[str] = []
        for pattern in patterns:
            self._add(str(pattern))

    def __bool__(self) -> bool:
        return bool(self._names or self._expressions)

    def _add(self, pattern: str) -> None:
        if pattern.startswith("re:"):
            self._compile(pattern[3:])
        elif set("*?[") & set(pattern.removesuffix("*")):
            inner = ".*".join(re.escape(part).replace(r"\?", ".") for part in re.split(r"\*+", pattern))
            self._compile(rf"{inner}(?:$|\.)")
        else:
            self._names.add(_stripped(pattern.removesuffix("*").removesuffix(".")))

    def _compile(self, expression: str) -> None:
        short = re.sub(r"(\.\*)+", ".*", expression)
        if len(short) > _LONGEST or _GROUPED.search(short) or sum(short.count(mark) for mark in "*+{") > _QUANTIFIERS:
            self.refused.append(expression)
            return
        try:
            self._expressions.append(re.compile(short))
        except re.error:
            self.refused.append(expression)

    def match(self, module: str) -> bool:
        """Tell whether a module, named from its layer on, or anything it stands in is meant."""
        parts = module.split(".")
        below = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        if any(name in self._names for name in below) or any(part in self._names for part in parts):
            return True
        if any(f"{parts[at]}.{parts[at + 1]}" in self._names for at in range(len(parts) - 1)):
            return True
        return any(expression.match(outer + module) for expression in self._expressions for outer in _OUTER)


def _stripped(name: str) -> str:
    return next((name[len(outer) :] for outer in _OUTER if name.startswith(outer)), name)
