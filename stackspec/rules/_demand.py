"""What the models of a stack ask of each pool of accelerators."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.ir.stack import Fixed, Group, Model, Pool, Rollout, Stack
from stackspec.rules._asked import each
from stackspec.sizing.packing import Demand


class Asked(NamedTuple):
    """One group of a model: `name` is the model's, with the role where it has several; `most` and `fewest` count replicas."""

    name: str
    at: Path
    pool: Pool
    profile: str | None
    nodes: int
    gpus: int
    most: int
    fewest: int
    scales: bool
    rollout: Rollout
    memory_share: float | None

    @property
    def units(self) -> int:
        """Accelerators, slices or shares of all its replicas."""
        return self.most * self.each

    @property
    def each(self) -> int:
        """Accelerators, slices or shares of one replica."""
        return self.nodes * self.gpus

    @property
    def text(self) -> str:
        """The demand as people count it."""
        return f"{self.name} {self.most} × {self.each}"

    def demand(self, surge: int = 0) -> Demand:
        """Return what is to be packed, with more replicas during a rollout."""
        return Demand(self.name, self.most, self.gpus, self.nodes, self.profile, surge)


@record
class Shelf:
    """The room that a pool has for groups of one kind: whole accelerators, shares of them, or MIG slices of one profile."""

    pool: Pool
    profile: str | None
    groups: tuple[Asked, ...]

    @property
    def per_node(self) -> int:
        """Accelerators, slices or shares of one node."""
        sharing = self.pool.sharing
        ways = sharing.slices[self.profile] if self.profile else max(1, sharing.ways)
        return self.pool.gpus_per_node * ways

    @property
    def room(self) -> int:
        """Accelerators, slices or shares of the whole pool."""
        return self.pool.nodes_max * self.per_node

    @property
    def needed(self) -> int:
        """What all replicas take together."""
        return sum(item.units for item in self.groups)

    @property
    def unit(self) -> str:
        """What is counted."""
        if self.profile:
            return f"slices of {self.profile}"
        return "GPUs" if self.pool.sharing.kind == "none" else "shares of GPUs"

    @property
    def shapes(self) -> set[tuple[int, int]]:
        """Nodes and accelerators on each, of one replica of each group."""
        return {(item.nodes, item.gpus) for item in self.groups}

    @property
    def exact(self) -> bool:
        """Tell whether packing the widest first cannot miss a way that exists: all on single nodes, each width divides the next."""
        widths = sorted(self.shapes)
        return all(nodes == 1 for nodes, _ in widths) and all(b % a == 0 for (_, a), (_, b) in pairwise(widths))

    @property
    def plain(self) -> bool:
        """Tell whether the sum alone decides: besides, the widest divides a node."""
        return self.exact and self.pool.gpus_per_node % max(gpus for _, gpus in self.shapes) == 0


def shelves(stack: Stack) -> Iterator[Shelf]:
    """Yield what each pool is asked for by groups that can stand there at all; others have findings of their own."""
    found: dict[tuple[str, str], list[Asked]] = {}
    for items in each(stack, "models", asked):
        for item in items:
            found.setdefault((item.pool.name, item.profile or ""), []).append(item)
    for pool, profile in sorted(found):
        yield Shelf(stack.pools[pool], profile or None, tuple(found[pool, profile]))


def asked(model: Model) -> tuple[Asked, ...]:
    """Return what the groups of a model ask for, where they can stand at all."""
    return tuple(_asked(model, group) for group in model.groups if group.gpus and possible(group))


def _asked(model: Model, group: Group) -> Asked:
    return Asked(
        name=model.name if group.role == "serve" else f"{model.name}/{group.role}", at=group.at, pool=group.pool,
        profile=group.slice if group.pool.sharing.kind == "mig" else None, nodes=group.nodes, gpus=group.gpus,
        most=group.replicas_max, fewest=group.replicas_min, scales=not isinstance(group.scale, Fixed), rollout=group.rollout,
        memory_share=group.memory_share,
    )  # fmt: skip


def possible(group: Group) -> bool:
    """Tell whether one replica could stand on its empty pool."""
    pool = group.pool
    if pool.sharing.kind == "mig":
        return group.parallelism.ranks == 1 and group.slice is not None and group.slice in pool.sharing.slices
    if pool.sharing.kind != "none":
        return group.parallelism.ranks == 1
    return group.gpus <= pool.gpus_per_node and group.nodes <= pool.nodes_max
