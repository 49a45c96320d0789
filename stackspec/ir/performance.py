"""How fast a model answers: the answer of sizing for one group of equal replicas, as intervals.

Seconds are means unless a percentile is named. `math.inf` as a high end: more arrives than is served, and the queue only grows.
"""

from __future__ import annotations

from typing import Literal

from stackspec.ir.fit import Assumption, Interval
from stackspec.ir.record import record

Outcome = Literal["meets", "may-meet", "does-not-meet", "unknown"]


@record
class Rate:
    """How fast something usually goes, in `unit`: slow, usual and fast, or few, usual and many."""

    name: str
    interval: Interval
    unit: str
    note: str
    source: str
    retrieved: str


@record
class Price:
    """What one machine costs on demand, in US dollars an hour; `dated`: when the cloud's list said so."""

    instance: str
    region: str
    usd_per_hour: float
    dated: str
    source: str


@record
class PoolCost:
    """One pool: US dollars a month between its fewest and its most nodes, None with the reason in `why`."""

    pool: str
    month: Interval | None
    price: Price | None
    why: str = ""


@record
class Cost:
    """All pools; `month` is None where any of them has no price, and `priced` what the others come to."""

    month: Interval | None
    priced: Interval
    pools: tuple[PoolCost, ...]
    dated: str


@record
class Latency:
    """One replica that works on `concurrency` requests at once: to the first token, between tokens, and in all."""

    concurrency: Interval
    ttft: Interval
    tpot: Interval
    e2e: Interval


@record
class Capacity:
    """What all replicas serve at most, and with how many requests at once."""

    concurrency: Interval
    requests_per_second: Interval
    output_tokens_per_second: Interval


@record
class Answer:
    """Whether one objective is met: at `percentile` the metric is `expected`, and should be below `seconds`."""

    metric: Literal["ttft", "tpot", "e2e"]
    percentile: int
    seconds: float
    outcome: Outcome
    expected: Interval | None = None


@record
class Performance:
    """The table behind an answer.

    `single`: one request alone. `saturated`: as much as fits. `loaded`: what `traffic` makes of it, `used` the share of the capacity
    that it takes; None without traffic. `outcome` is the worst of the answers; without objectives it says whether the capacity is enough.
    `missing` names facts that nobody supplied; all tables are then None.
    """

    outcome: Outcome
    missing: tuple[str, ...] = ()
    single: Latency | None = None
    saturated: Capacity | None = None
    loaded: Latency | None = None
    used: Interval | None = None
    answers: tuple[Answer, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
