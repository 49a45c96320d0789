"""Host memory and disk of a replica: worked cases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stackspec import catalog
from stackspec.ir.fit import Interval
from stackspec.ir.record import replace
from stackspec.sizing.host import Hosted, Need, disk, host_memory
from stackspec.units import GIB


def names(found: Need) -> list[str]:
    return [assumption.name for assumption in found.assumptions]


def test_a_plain_replica_is_its_processes_and_what_passes_through() -> None:
    base, rank, shard = (catalog.rate(name).interval for name in ("host_base", "host_rank", "host_shard"))
    found = host_memory(Hosted(16 * 10**9))
    assert names(found) == ["processes", "ranks", "loading"]
    assert found.bytes == Interval(
        base.low + rank.low + 16e9 * shard.low, base.estimate + rank.estimate + 16e9 * shard.estimate,
        base.high + rank.high + 16e9 * shard.high,
    )  # fmt: skip


def test_each_thing_that_is_kept_is_named() -> None:
    held = Hosted(16 * 10**9, ranks=2, swap=GIB, offload=8 * GIB, offloaded=4 * GIB, media=True, shared_memory=GIB)
    assert {assumption.name: assumption.value for assumption in host_memory(held).assumptions[3:]} == {
        "swap space": "0.0 to 2.0 GiB", "cache in host memory": "8.0 GiB", "weights in host memory": "4.0 GiB",
        "processed media": "0.0 to 8.0 GiB", "/dev/shm": "0.0 to 1.0 GiB",
    }  # fmt: skip


def test_swap_space_is_there_until_0_18() -> None:
    held = [host_memory(Hosted(1, ranks=4, release=release)).bytes for release in ((0, 17, 1), (0, 18, 0))]
    assert held[0].high - held[1].high == 16 * GIB
    assert host_memory(Hosted(1, ranks=4, release=(0, 17, 1), swap=0)).bytes == held[1]


def test_every_server_and_engine_keeps_processed_media() -> None:
    one, many = (host_memory(Hosted(1, servers=1, engines=engines, media=True)).bytes for engines in (1, 3))
    assert many.high - one.high == 8 * GIB


def test_checkpoints_that_models_share_stand_once() -> None:
    caches = catalog.rate("compile_cache").interval
    found = disk((10**9, 3 * 10**9), ranks=2, image=GIB)
    assert found.bytes == Interval(
        4e9 + 2 * caches.low + GIB, 4e9 + 2 * caches.estimate + GIB, 4e9 + 3e9 + 2 * caches.high + GIB
    )
    assert disk((10**9,), fetched=False).bytes.high == 1e9 + caches.high
    assert names(disk(())) == ["compilers"]


@given(st.integers(0, 10**12), st.integers(1, 16), st.integers(0, 10**12), st.booleans())
def test_more_is_never_less(weights: int, ranks: int, more: int, media: bool) -> None:
    held = Hosted(weights, ranks, media=media)
    found = host_memory(held).bytes
    assert found.low <= found.estimate <= found.high
    for larger in (replace(held, weights=weights + more), replace(held, ranks=ranks + 1), replace(held, offload=more)):
        other = host_memory(larger).bytes
        assert (found.low <= other.low, found.estimate <= other.estimate, found.high <= other.high) == (True, True, True)
