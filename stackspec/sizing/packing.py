"""Packing of GPU replicas on the equal nodes of a pool: first fit, widest first, the same for every order of the input.

A device holds one replica's rank; under time slicing and MPS it holds up to `ways` of them, under MIG one on each slice of the
asked profile. The ranks of one replica always sit on different devices. Linear in replicas and nodes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from stackspec.ir.facts import MigProfile
from stackspec.ir.record import record
from stackspec.ir.stack import Group, Pool


@record
class Demand:
    """Equal replicas: each takes `gpus` devices on each of `nodes` nodes. `surge` more of them run during a rollout."""

    name: str
    replicas: int
    gpus: int
    nodes: int = 1
    slice: str | None = None
    surge: int = 0


@record
class Spot:
    """Part of a replica: devices of one node by index, or as `index:slice` under MIG."""

    node: int
    devices: tuple[str, ...]


@record
class Placement:
    """Where one replica runs; `replica` counts from 0, surge replicas come last."""

    name: str
    replica: int
    spots: tuple[Spot, ...]


@record
class Misfit:
    """Replicas of one demand that found no room.

    `devices`: no node of the pool has the `needed` devices (or slices, or any of that profile), `available` is what it has.
    `pool`: when their turn came, `needed` nodes with enough free devices were wanted and `available` were there.
    """

    name: str
    replicas: int
    reason: Literal["devices", "pool"]
    needed: int
    available: int


@record
class Packed:
    """Placements sorted by name and replica, and what did not fit, sorted by name."""

    placements: tuple[Placement, ...]
    misfits: tuple[Misfit, ...]


def demand(name: str, group: Group, replicas: int, surge: int = 0) -> Demand:
    """Return what a group asks of its pool."""
    return Demand(name, replicas, group.gpus, group.nodes, group.slice, surge)


def pack(pool: Pool, demands: Iterable[Demand], *, surge: bool = False) -> Packed:
    """Place all replicas on at most `pool.nodes_max` nodes, with their surge if asked; demands have different names."""
    placements: list[Placement] = []
    misfits: list[Misfit] = []
    by_profile: dict[str | None, list[Demand]] = {}
    for item in demands:
        if item.gpus > 0:
            by_profile.setdefault(item.slice if pool.sharing.kind == "mig" else None, []).append(item)
    for profile, items in by_profile.items():
        shelf = _Shelf(_device_names(pool, profile), pool.sharing.ways, pool.nodes_max)
        for item in sorted(items, key=lambda each: (-each.gpus, -each.nodes, each.name)):
            _place(item, shelf, item.replicas + (item.surge if surge else 0), placements, misfits)
    placements.sort(key=lambda each: (each.name, each.replica))
    misfits.sort(key=lambda each: each.name)
    return Packed(tuple(placements), tuple(misfits))


def _place(item: Demand, shelf: _Shelf, replicas: int, placements: list[Placement], misfits: list[Misfit]) -> None:
    if item.gpus > len(shelf.names):
        misfits.append(Misfit(item.name, replicas, "devices", item.gpus, len(shelf.names)))
        return
    for replica in range(replicas):
        spots = shelf.take(item.gpus, item.nodes)
        if isinstance(spots, int):
            misfits.append(Misfit(item.name, replicas - replica, "pool", item.nodes, spots))
            return
        placements.append(Placement(item.name, replica, spots))


def _device_names(pool: Pool, profile: str | None) -> tuple[str, ...]:
    """Return the devices of one node; under MIG the slices of a profile, largest profiles numbered first."""
    if pool.sharing.kind != "mig":
        return tuple(str(index) for index in range(pool.gpus_per_node))
    numbers = dict(_slices(pool.sharing.slices, pool)).get(profile or "", range(0))
    return tuple(f"{gpu}:{number}" for gpu in range(pool.gpus_per_node) for number in numbers)


def _slices(slices: Mapping[str, int], pool: Pool) -> Iterator[tuple[str, range]]:
    profiles = pool.accelerator.mig if pool.accelerator else dict[str, MigProfile]()
    size = {name: profiles[name].slices if name in profiles else 0 for name in slices}
    first = 0
    for name in sorted(slices, key=lambda each: (-size[each], each)):
        yield name, range(first, first + slices[name])
        first += slices[name]


class _Shelf:
    """The nodes of one pool while they fill up; nodes are opened one by one, so a wide range costs nothing."""

    def __init__(self, names: tuple[str, ...], ways: int, nodes: int) -> None:
        self.names = names
        self.ways = max(1, ways)
        self.unopened = nodes
        self.nodes: list[_Node] = []
        self.width = 0
        self.fitting: deque[int] = deque()

    def take(self, gpus: int, nodes: int) -> tuple[Spot, ...] | int:
        """Return the first nodes that have room, filled; else how many have room. `gpus` never grows from call to call."""
        if gpus != self.width:
            self.width = gpus
            self.fitting = deque(index for index, node in enumerate(self.nodes) if len(node) >= gpus)
        while len(self.fitting) < nodes and self.unopened:
            self.unopened -= 1
            self.fitting.append(len(self.nodes))
            self.nodes.append(_Node(len(self.names), self.ways))
        if len(self.fitting) < nodes:
            return len(self.fitting)
        chosen = [self.fitting.popleft() for _ in range(nodes)]
        spots = tuple(Spot(node, tuple(self.names[each] for each in self.nodes[node].take(gpus))) for node in chosen)
        self.fitting.extendleft(node for node in reversed(chosen) if len(self.nodes[node]) >= gpus)
        return spots


class _Node:
    """The free devices of one node, in rounds: each device is used once before any is used again."""

    def __init__(self, devices: int, ways: int) -> None:
        self.rounds: deque[tuple[int, int]] = deque((device, 1) for device in range(devices))
        self.ways = ways

    def __len__(self) -> int:
        """Return how many devices can take one more rank."""
        return len(self.rounds)

    def take(self, count: int) -> tuple[int, ...]:
        """Use the least used devices, lowest index first."""
        taken = [self.rounds.popleft() for _ in range(count)]
        self.rounds.extend((device, used + 1) for device, used in taken if used < self.ways)
        return tuple(sorted(device for device, _ in taken))
