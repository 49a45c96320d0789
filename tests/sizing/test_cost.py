"""Monthly cost: only from dated prices, and never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackspec import catalog
from stackspec.ir.cluster import Pool, Sharing
from stackspec.ir.facts import Instance
from stackspec.ir.fit import Interval
from stackspec.ir.performance import Cost, PoolCost, Price
from stackspec.ir.record import replace
from stackspec.sizing.cost import cost

NEWEST = "2026-07-20"
P5 = Price("p5.48xlarge", "us-east-1", 50.0, "2026-07-20", "https://example.com")
OLD = Price("p3.2xlarge", "us-east-1", 3.0, "2025-07-18", "https://example.com")


def pool(name: str = "large", instance: str | None = "p5.48xlarge", low: int = 1, high: int = 2) -> Pool:
    machine = Instance(instance, "aws", 192, 2**41) if instance else None
    return Pool(
        name, ("cluster", "pools", name), None, 8, machine, low, high, None, None, None, False, Sharing("none"), None, None, None,
    )  # fmt: skip


def prices(instance: str, region: str) -> Price | None:
    return next((price for price in (P5, OLD) if (price.instance, price.region) == (instance, region)), None)


def test_a_month_is_730_hours_of_the_fewest_and_the_most_nodes() -> None:
    month = Interval(36_500, 54_750, 73_000)
    assert cost([pool()], prices, "us-east-1", NEWEST) == Cost(month, month, (PoolCost("large", month, P5),), NEWEST)


@pytest.mark.parametrize(
    ("found", "region", "why"),
    [
        (pool(instance=None), "us-east-1", "it names no machine type"),
        (replace(pool(), spot=True), "us-east-1", "spot prices are not in the catalog"),
        (replace(pool(), reservation="r-1"), "us-east-1", "a reservation has its own price"),
        (pool(), None, "`cluster.region` is not written"),
        (pool(), "eu-west-1", "the catalog has no price of p5.48xlarge in eu-west-1"),
        (pool(instance="p3.2xlarge"), "us-east-1", "the price of p3.2xlarge is of 2025-07-18, the table of 2026-07-20"),
    ],
)
def test_no_number_is_better_than_a_guess(found: Pool, region: str | None, why: str) -> None:
    nothing = Interval(0, 0, 0)
    assert cost([found], prices, region, NEWEST) == Cost(None, nothing, (PoolCost(found.name, None, None, why),), "")


def test_a_sum_with_a_gap_is_no_sum() -> None:
    found = cost([pool(), pool("small", "p3.2xlarge")], prices, "us-east-1", NEWEST)
    assert (found.month, found.priced) == (None, Interval(36_500, 54_750, 73_000))


def test_no_pools_have_no_cost() -> None:
    assert cost([], prices, "us-east-1", NEWEST).month is None


def test_the_catalog_answers_by_machine_and_region() -> None:
    found = catalog.price("g6.12xlarge", "us-east-1")
    assert found is not None
    assert (found.usd_per_hour, found.dated) == (4.6016, "2026-07-20")
    assert catalog.price("g6.12xlarge", "mars-1") is None
    assert catalog.prices_dated() == "2026-07-20"


@given(st.integers(0, 50), st.integers(0, 50))
def test_the_ends_are_ordered(some: int, more: int) -> None:
    month = cost([pool(low=some, high=some + more)], prices, "us-east-1", NEWEST).month
    assert month is not None
    assert 0 <= month.low <= month.estimate <= month.high
