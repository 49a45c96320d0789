"""What the nodes of a cluster cost a month on demand: only from dated prices, else no number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from stackspec.ir.cluster import Pool
from stackspec.ir.fit import Interval
from stackspec.ir.performance import Cost, PoolCost, Price

HOURS = 730.0
"""Hours of a month, as the clouds' own calculators count: 365 × 24 / 12."""
STALE_DAYS = 366
"""A price that is this much older than the newest of the table is none."""

Prices = Callable[[str, str], Price | None]


def cost(pools: Iterable[Pool], prices: Prices, region: str | None, newest: str) -> Cost:
    """Return the monthly cost of pools in a region; `newest` is the date of the newest price of the table.

    Low: `nodes_min`, high: `nodes_max`, in between their mean; nothing but machines. Spot prices move by the hour and are not in the
    table. There is no clock: how old the table itself is can only be said with its date.
    """
    found = tuple(_pool(pool, prices, region, newest) for pool in pools)
    months = [each.month for each in found if each.month is not None]
    priced = Interval(
        sum(each.low for each in months), sum(each.estimate for each in months), sum(each.high for each in months)
    )
    dated = min((each.price.dated for each in found if each.price is not None), default="")
    return Cost(priced if found and len(months) == len(found) else None, priced, found, dated)


def _pool(pool: Pool, prices: Prices, region: str | None, newest: str) -> PoolCost:
    """Price one pool, or say why not."""
    if pool.instance is None:
        return PoolCost(pool.name, None, None, "it names no machine type")
    if pool.spot:
        return PoolCost(pool.name, None, None, "spot prices are not in the catalog")
    if pool.reservation:
        return PoolCost(pool.name, None, None, "a reservation has its own price")
    if region is None:
        return PoolCost(pool.name, None, None, "`cluster.region` is not written")
    price = prices(pool.instance.name, region)
    if price is None:
        return PoolCost(pool.name, None, None, f"the catalog has no price of {pool.instance.name} in {region}")
    if (date.fromisoformat(newest) - date.fromisoformat(price.dated)).days > STALE_DAYS:
        return PoolCost(pool.name, None, None, f"the price of {pool.instance.name} is of {price.dated}, the table of {newest}")
    node = price.usd_per_hour * HOURS
    fewest, most = sorted((pool.nodes_min, pool.nodes_max))
    return PoolCost(pool.name, Interval(node * fewest, node * (fewest + most) / 2, node * most), price)
