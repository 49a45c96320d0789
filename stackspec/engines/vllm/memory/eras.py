"""A release that nobody told: what holds for every kind of release that it may be."""

from __future__ import annotations

import re

from stackspec.catalog.releases import numbers
from stackspec.ir.fit import Assumption, Fit, Part
from stackspec.ir.record import replace
from stackspec.sizing.intervals import hull

ERAS = ("0.6.6", "0.8.5", "0.11.2", "0.16.0", "0.19.1", "0.24.0", "0.33.0")
"""One release of each way to count memory; see `catalog/engines/vllm/memory.json`."""
_RELEASE = re.compile(r"v?\d+\.\d+")


def candidates(release: str) -> tuple[str, ...]:
    """Return the releases that a text may mean: itself, or every era from `>=x` on, or all of them."""
    if _RELEASE.match(release):
        return (release,)
    least = numbers(release.removeprefix(">=")) if release.startswith(">=") else ()
    return tuple(era for era in ERAS if numbers(era) >= least) or ERAS[-1:]


def joined(fits: list[Fit], releases: tuple[str, ...]) -> Fit:
    """Return what holds for all of these answers, with the estimates of the newest; differing verdicts make `may-fit`."""
    last = fits[-1]
    if len(fits) == 1:
        return last
    note = Assumption("release", " to ".join((releases[0], releases[-1])), "not given: the bounds hold for all of these")
    return replace(
        last,
        verdict=last.verdict if len({fit.verdict for fit in fits}) == 1 else "may-fit",
        parts=tuple(_part(part, fits) for part in last.parts),
        kv_available=hull(*(fit.kv_available for fit in fits)),
        kv_needed=hull(*(fit.kv_needed for fit in fits)),
        kv_tokens=hull(*(fit.kv_tokens for fit in fits)),
        max_context=min((fit.max_context for fit in fits if fit.max_context is not None), default=None),
        max_concurrency=hull(*(fit.max_concurrency for fit in fits)),
        assumptions=(*last.assumptions, note),
    )


def _part(part: Part, fits: list[Fit]) -> Part:
    return replace(part, bytes=hull(*(fit.part(part.name) for fit in fits[:-1]), part.bytes))
