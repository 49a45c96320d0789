"""Packing: worked cases, and what must hold for every pool and every order of demands."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from stackspec.ir.facts import Accelerator, MigProfile
from stackspec.ir.stack import Pool, Sharing
from stackspec.sizing.packing import Demand, Misfit, Packed, Placement, Spot, pack
from tests.counting import lines

H100 = Accelerator(
    "h100-sxm-80gb",
    "nvidia",
    80 * 2**30,
    mig={"1g.10gb": MigProfile(10 * 2**30, 1, 7), "3g.40gb": MigProfile(40 * 2**30, 3, 2)},
)


def pool(gpus: int = 8, nodes: int = 1, sharing: Sharing | None = None) -> Pool:
    """Return a pool of equal nodes."""
    return Pool(
        "large", ("cluster", "pools", "large"), H100, gpus, None, nodes, nodes, None, None, None, False,
        sharing or Sharing("none"), None, None, None,
    )  # fmt: skip


def test_widest_first_then_by_name() -> None:
    demands = (Demand("embed", 2, 1), Demand("chat", 1, 4), Demand("apple", 1, 4))
    assert pack(pool(8, 2), demands) == Packed(
        (
            Placement("apple", 0, (Spot(0, ("0", "1", "2", "3")),)),
            Placement("chat", 0, (Spot(0, ("4", "5", "6", "7")),)),
            Placement("embed", 0, (Spot(1, ("0",)),)),
            Placement("embed", 1, (Spot(1, ("1",)),)),
        ),
        (),
    )


def test_a_replica_over_two_nodes_takes_two_of_them() -> None:
    packed = pack(pool(8, 2), (Demand("deepseek", 1, 8, nodes=2),))
    whole = tuple(str(index) for index in range(8))
    assert packed.placements == (Placement("deepseek", 0, (Spot(0, whole), Spot(1, whole))),)


def test_what_does_not_fit_says_its_numbers() -> None:
    assert pack(pool(4), (Demand("chat", 1, 8),)).misfits == (Misfit("chat", 1, "devices", 8, 4),)
    assert pack(pool(4), (Demand("chat", 3, 2),)).misfits == (Misfit("chat", 1, "pool", 1, 0),)
    assert pack(pool(8, 3), (Demand("wide", 1, 8, nodes=4),)).misfits == (Misfit("wide", 1, "pool", 4, 3),)


def test_surge_counts_only_when_asked() -> None:
    demands = (Demand("chat", 2, 2, surge=1),)
    assert pack(pool(4), demands).misfits == ()
    assert pack(pool(4), demands, surge=True).misfits == (Misfit("chat", 1, "pool", 1, 0),)


def test_sharing_spreads_before_it_stacks() -> None:
    packed = pack(pool(2, 1, Sharing("time_slicing", 2)), (Demand("a", 1, 1), Demand("b", 1, 1), Demand("c", 1, 1)))
    assert [(each.name, each.spots[0].devices) for each in packed.placements] == [("a", ("0",)), ("b", ("1",)), ("c", ("0",))]


def test_mig_slices_are_numbered_with_the_largest_profile_first() -> None:
    sliced = pool(2, 1, Sharing("mig", 1, {"1g.10gb": 2, "3g.40gb": 1}))
    demands = (
        Demand("big", 2, 1, slice="3g.40gb"),
        Demand("small", 3, 1, slice="1g.10gb"),
        Demand("other", 1, 1, slice="7g.80gb"),
    )
    packed = pack(sliced, demands)
    assert [(each.name, each.spots[0].devices) for each in packed.placements] == [
        ("big", ("0:0",)), ("big", ("1:0",)), ("small", ("0:1",)), ("small", ("0:2",)), ("small", ("1:1",)),
    ]  # fmt: skip
    assert packed.misfits == (Misfit("other", 1, "devices", 1, 0),)


def test_a_model_without_accelerator_needs_no_place() -> None:
    assert pack(pool(1), (Demand("cpu", 5, 0),)) == Packed((), ())


SHARINGS: Mapping[str, Sharing] = {
    "none": Sharing("none"),
    "time_slicing": Sharing("time_slicing", 3),
    "mps": Sharing("mps", 2),
    "mig": Sharing("mig", 1, {"1g.10gb": 4, "3g.40gb": 1}),
}
DEMANDS = st.lists(
    st.builds(
        Demand,
        name=st.sampled_from([f"m{index}" for index in range(12)]),
        replicas=st.integers(1, 4),
        gpus=st.integers(0, 5),
        nodes=st.integers(1, 3),
        slice=st.sampled_from(["1g.10gb", "3g.40gb"]),
        surge=st.integers(0, 2),
    ),
    max_size=10,
    unique_by=lambda each: each.name,
)
KINDS = st.sampled_from(sorted(SHARINGS))


@given(DEMANDS, st.integers(1, 8), st.integers(1, 4), KINDS, st.booleans())
def test_no_device_is_over_used_and_every_replica_is_accounted_for(
    demands: list[Demand], gpus: int, nodes: int, kind: Literal["none", "mig", "time_slicing", "mps"], surge: bool
) -> None:
    packed = pack(pool(gpus, nodes, SHARINGS[kind]), demands, surge=surge)
    used = Counter((spot.node, device) for each in packed.placements for spot in each.spots for device in spot.devices)
    assert all(count <= SHARINGS[kind].ways for count in used.values())
    assert all(node < nodes and int(device.split(":")[0]) < gpus for node, device in used)
    wanted = {each.name: each for each in demands if each.gpus}
    assert all(
        len({spot.node for spot in each.spots}) == wanted[each.name].nodes
        and all(len(set(spot.devices)) == wanted[each.name].gpus for spot in each.spots)
        for each in packed.placements
    )
    placed = Counter(each.name for each in packed.placements)
    missing = Counter({each.name: each.replicas for each in packed.misfits})
    assert placed + missing == Counter({name: each.replicas + (each.surge if surge else 0) for name, each in wanted.items()})


@given(DEMANDS, st.integers(1, 8), KINDS, st.integers(0, 1000))
def test_the_order_of_demands_does_not_matter(demands: list[Demand], gpus: int, kind: str, seed: int) -> None:
    shuffled = random.Random(seed).sample(demands, len(demands))
    assert pack(pool(gpus, 3, SHARINGS[kind]), demands) == pack(pool(gpus, 3, SHARINGS[kind]), shuffled)


@given(st.lists(st.integers(1, 8), max_size=20), st.integers(1, 8))
def test_powers_of_two_never_waste_a_device(exponents: list[int], nodes: int) -> None:
    sizes = [2 ** (each % 4) for each in exponents]
    packed = pack(pool(8, nodes), [Demand(f"m{index}", 1, size) for index, size in enumerate(sizes)])
    assert bool(packed.misfits) == (sum(sizes) > 8 * nodes)


def test_ten_times_the_models_are_ten_times_the_work() -> None:
    def work(count: int) -> int:
        demands = [Demand(f"m{index}", 1, 1 + index % 8, 1 + index % 3) for index in range(count)]
        return lines(lambda: pack(pool(8, 10 * count), demands))

    small, large = work(300), work(3_000)
    assert 8 * small < large < 12 * small
