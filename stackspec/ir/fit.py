"""Whether one replica starts, and what it then holds: the answer of sizing for the rank that is fullest.

Bytes are of one rank; nothing is pooled over ranks. Every number that is not exact is an interval with its assumptions.
"""

from __future__ import annotations

from typing import Literal

from stackspec.ir.record import record

Verdict = Literal["fits", "may-fit", "does-not-fit", "unknown"]


@record
class Interval:
    """A number as (low, estimate, high)."""

    low: float
    estimate: float
    high: float


@record
class Assumption:
    """Something an estimate rests on."""

    name: str
    value: str
    source: str


@record
class Part:
    """One component of a rank's memory: `weights`, `activation`, `non_torch`, `cuda_graph`, `lora`, `draft`, `encoder`, …

    `of` names what it consists of, bytes each, estimates that add up to the part's (weights by component and precision).
    `budgeted`: it counts against the engine's own budget; else it lies beside it (CUDA graphs of older releases).
    """

    name: str
    bytes: Interval
    of: tuple[tuple[str, float], ...] = ()
    budgeted: bool = True


@record
class Fit:
    """The verdict for one group, and the table behind it.

    `missing` names facts that nobody supplied, where the verdict is unknown. `total` is the memory of the rank as the engine sees it and
    `budget` what it may take. `kv_available` is what is left for the cache, below zero where the weights already do not fit;
    `kv_needed` what one sequence of `context` needs. `kv_bytes_per_token`: None where a sequence costs a state and not tokens.
    `kv_tokens` is the number that the engine prints. `max_context` is the longest sequence that surely starts (the low end),
    at most the model's own. `max_concurrency`: sequences of `context` at once. `stage`: which pipeline stage is fullest, from 0.
    """

    verdict: Verdict
    missing: tuple[str, ...] = ()
    total: int = 0
    budget: float = 0.0
    parts: tuple[Part, ...] = ()
    kv_available: Interval = Interval(0, 0, 0)
    kv_needed: Interval = Interval(0, 0, 0)
    kv_bytes_per_token: float | None = None
    kv_tokens: Interval = Interval(0, 0, 0)
    state_bytes_per_sequence: float = 0.0
    block_size: int = 16
    context: int | None = None
    max_context: int | None = None
    max_concurrency: Interval = Interval(0, 0, 0)
    stage: int = 0
    assumptions: tuple[Assumption, ...] = ()

    def part(self, name: str) -> Interval:
        """Return one component; nothing where it has none."""
        return next((part.bytes for part in self.parts if part.name == name), Interval(0, 0, 0))
