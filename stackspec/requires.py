"""`requires`: which compilers can read a spec."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"(>=|<=|==|!=|>|<)?\s*(\d+(?:\.\d+){0,3})\Z")


def unmet(requirement: str, version: str) -> str | None:
    """Return why this compiler does not meet a requirement such as `>=0.2, <1`, or None."""
    have = _numbers(version)
    for clause in requirement.split(","):
        match = _CLAUSE.match(clause.strip())
        if match is None:
            return f"`{requirement}` is no requirement; write `>=0.2`"
        sign, wanted = match.group(1) or ">=", _numbers(match.group(2))
        if not _holds(sign, have, wanted):
            words = {">=": "≥", "<=": "≤", "==": "", ">": ">", "<": "<", "!=": "other than"}[sign]
            return f"needs stackspec {words} {match.group(2)}".replace("  ", " ") + f", and this is {version}"
    return None


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", text)[:4]]
    return tuple(numbers + [0] * (4 - len(numbers)))


def _holds(sign: str, have: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return {
        ">=": have >= wanted, "<=": have <= wanted, "==": have == wanted, "!=": have != wanted, ">": have > wanted, "<": have < wanted,
    }[sign]  # fmt: skip
