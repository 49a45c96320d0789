"""Accelerators that are left over when everything is scaled up: whether a rollout may start a replica more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stackspec.ir.stack import Autoscale, Pool
from stackspec.resolve.groups import overlay, parallelism, scaling, span

Demand = tuple[str, int, int]
"""(pool, accelerators of one replica, most replicas)."""
Demands = tuple[Demand, ...]
"""What a model may take: one row, or one for each role."""


def demand(item: Any, pools: Mapping[str, Pool]) -> Demands:
    """Return what a model may take of the pools."""
    if not item.model:
        return ()
    roles = item.disaggregation
    sections = [overlay(item, getattr(roles, role)) for role in ("prefill", "decode")] if roles else [item]
    return tuple(_of(section, pools) for section in sections)


def _of(section: Any, pools: Mapping[str, Pool]) -> Demand:
    name = section.pool or next(iter(pools))
    nodes, gpus = span(parallelism(section.parallelism), pools[name])
    scale = scaling(section)
    return name, nodes * gpus, scale.maximum if isinstance(scale, Autoscale) else scale.replicas


def spare(demands: Iterable[Demands], pools: Mapping[str, Pool]) -> dict[str, int]:
    """Return the accelerators of each pool that no replica takes when everything is scaled up; sharing multiplies them."""
    left = {name: pool.gpus_per_node * pool.nodes_max * max(1, pool.sharing.ways) for name, pool in pools.items()}
    for asks in demands:
        for name, gpus, replicas in asks:
            left[name] -= gpus * replicas
    return left


def surge_fits(asks: Demands, left: Mapping[str, int]) -> bool:
    """Tell whether one replica more of a model fits beside everything else."""
    return all(left[name] >= gpus for name, gpus, _ in asks)
