"""From intervals to a verdict: what surely holds, what surely does not, and the rest."""

from __future__ import annotations

from stackspec.ir.fit import Interval, Verdict


def verdict(available: Interval, needed: Interval) -> Verdict:
    """Say whether a need is met: `fits` where even the least available meets the most needed, and the reverse.

    Nothing available never fits, whatever is needed.
    """
    if available.low > 0 and available.low >= needed.high:
        return "fits"
    if available.high <= 0 or available.high < needed.low:
        return "does-not-fit"
    return "may-fit"
