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


def times(factor: float, value: Interval) -> Interval:
    """Multiply an interval with a factor that is not negative."""
    return Interval(value.low * factor, value.estimate * factor, value.high * factor)


def hull(*parts: Interval) -> Interval:
    """Return the interval that holds all of these, with the estimate of the last."""
    return Interval(min(part.low for part in parts), parts[-1].estimate, max(part.high for part in parts))


def product(one: Interval, other: Interval) -> Interval:
    """Multiply two intervals that are not negative."""
    return Interval(one.low * other.low, one.estimate * other.estimate, one.high * other.high)


def larger(*parts: Interval) -> Interval:
    """Return the largest of these, end by end."""
    return Interval(max(part.low for part in parts), max(part.estimate for part in parts), max(part.high for part in parts))
