"""Arithmetic with (low, estimate, high)."""

from __future__ import annotations

from stackspec.ir.fit import Interval

NOTHING = Interval(0.0, 0.0, 0.0)


def exact(value: float) -> Interval:
    """Return a number that is known."""
    return Interval(value, value, value)


def spread(estimate: float, less: float, more: float) -> Interval:
    """Return `estimate` with `less` taken off below, at most all of it, and `more` put on top."""
    return Interval(max(0.0, estimate - less), estimate, estimate + more)


def total(*parts: Interval) -> Interval:
    """Add intervals end by end: the ends stay bounds even where all errors point the same way."""
    return Interval(sum(part.low for part in parts), sum(part.estimate for part in parts), sum(part.high for part in parts))


def rest(whole: float, taken: Interval) -> Interval:
    """Return what is left of a known amount; below zero where more is taken than there is."""
    return Interval(whole - taken.high, whole - taken.estimate, whole - taken.low)
