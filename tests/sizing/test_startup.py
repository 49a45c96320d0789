"""How long a start takes: worked parts, and what may never make it shorter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stackspec import catalog
from stackspec.ir.fit import Assumption, Interval
from stackspec.ir.models import Estimate
from stackspec.ir.record import replace
from stackspec.sizing.startup import Start, budget, startup

CACHES = st.sampled_from(("pvc", "node", "none"))
STARTS = st.builds(
    Start, st.none() | st.integers(1, 10**12), CACHES, st.booleans(), st.integers(1, 128), st.none() | st.just((0, 7)), st.booleans(),
    st.booleans(), st.integers(0, 200), st.integers(1, 8), st.integers(1, 4), st.booleans(), st.integers(0, 10**11),
)  # fmt: skip


def names(found: Estimate) -> list[str]:
    return [assumption.name for assumption in found.assumptions]


def rate(name: str) -> Interval:
    return catalog.rate(name).interval


def test_a_declared_bandwidth_is_what_fetching_takes() -> None:
    found = startup(10 * 10**9, "bfloat16", 10**9)
    assert found.assumptions[:2] == (
        Assumption("weights", "20.0 GB", "parameters × bytes of their type"),
        Assumption("fetch", "17 to 40 s", "declared in the spec"),
    )


def test_an_eager_start_from_memory_is_what_cannot_be_left_out() -> None:
    found = startup(None, None, None, Start(weights=8 * 10**9, cache="node", remote=False, eager=True))
    assert names(found) == ["weights", "fetch", "load", "engine", "profile"]
    disk, load, boot, profile = (rate(name) for name in ("disk_node", "load", "boot", "profile"))
    assert found.startup == Interval(
        round(8e9 / disk.high + 8e9 / load.high + boot.low + profile.low),
        round(8e9 / disk.estimate + 8e9 / load.estimate + boot.estimate + profile.estimate),
        round(8e9 / disk.low + 8e9 / load.low + boot.high + profile.high),
    )


def test_everything_else_has_its_own_line() -> None:
    found = startup(10**9, "fp8", None, Start(cache="pvc", ranks=8, nodes=2, narrow=True, pinned=10**9))
    assert names(found) == [
        "weights", "fetch", "first fetch", "load", "engine", "profile", "compile", "graphs", "kernels", "ranks", "nodes", "pinned memory",
    ]  # fmt: skip


def test_releases_before_the_v1_engine_do_not_compile() -> None:
    assert "compile" not in names(startup(10**9, None, None, Start(release=(0, 7, 3))))
    assert "compile" in names(startup(10**9, None, None, Start(release=(0, 8, 0))))


def test_compiled_code_that_is_kept_is_only_loaded() -> None:
    cold, warm = (startup(10**9, None, None, Start(compiled=kept)).startup for kept in (False, True))
    assert (warm.estimate < cold.estimate, warm.high < cold.high) == (True, True)
    assert warm.low == cold.low


def test_a_size_that_nobody_knows_is_said() -> None:
    found = startup(None, "bfloat16", 10**9)
    assert (found.startup, names(found)) == (Interval(30, 600, 3600), ["weights"])


def test_a_probe_waits_for_the_high_end_in_whole_minutes() -> None:
    assert [budget(Estimate(Interval(1, 2, high))) for high in (10, 600, 601, 660, 661)] == [600, 600, 660, 660, 720]


def test_every_source_is_an_address_or_the_spec() -> None:
    found = startup(10**9, "fp8", None, Start(cache="pvc", ranks=8, nodes=2, narrow=True, pinned=10**9))
    assert [assumption.source for assumption in found.assumptions[1:] if not assumption.source.startswith("https://")] == []


@given(STARTS, st.integers(1, 10**12), st.none() | st.integers(10**7, 10**11))
def test_the_ends_are_ordered_and_the_probe_waits_for_all(start: Start, parameters: int, bandwidth: int | None) -> None:
    found = startup(parameters, "bfloat16", bandwidth, start)
    assert 0 < found.startup.low <= found.startup.estimate <= found.startup.high <= budget(found)


@given(STARTS, st.integers(1, 10**11), st.integers(0, 10**11), st.integers(10**7, 10**10), st.integers(1, 10))
def test_more_to_do_is_never_faster(start: Start, parameters: int, more: int, bandwidth: int, factor: int) -> None:
    plain = replace(start, weights=None)
    found = startup(parameters, "bfloat16", bandwidth, plain).startup
    for longer in (
        startup(parameters + more, "bfloat16", bandwidth, plain),
        startup(parameters, "bfloat16", max(1, bandwidth // factor), plain),
        startup(parameters, "bfloat16", bandwidth, replace(plain, layers=plain.layers * factor, graphs=plain.graphs * factor)),
        startup(parameters, "bfloat16", bandwidth, replace(plain, narrow=True, ranks=8)),
    ):
        seconds = longer.startup
        assert (found.low <= seconds.low, found.estimate <= seconds.estimate, found.high <= seconds.high) == (True, True, True)
