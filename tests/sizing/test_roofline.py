"""The roofline: worked numbers, and what must hold for every model, accelerator and load."""

from __future__ import annotations

from math import inf, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackspec import catalog
from stackspec.checkpoints.architecture import architecture
from stackspec.ir.architecture import Architecture, Attention, Dense, Experts, Latent, Layer, Quantization, State
from stackspec.ir.facts import Accelerator
from stackspec.ir.fit import Interval
from stackspec.ir.models import Parallelism
from stackspec.ir.performance import Capacity, Latency
from stackspec.ir.record import replace
from stackspec.sizing.roofline import Setting, latency, loaded, missing, peaks, replica, saturated
from stackspec.sizing.work import Matrices, Reading, Routed, Work, work

GPU = Accelerator(
    "gpu", "nvidia", 80 * 2**30, bandwidth=2 * 10**12, interconnect="nvlink", interconnect_bandwidth=600 * 10**9,
    flops={"bf16": 300 * 10**12, "fp8": 600 * 10**12, "int8": 500 * 10**12},
)  # fmt: skip
ATTENTION = Attention(heads=8, kv_heads=2, head_dim=64, value_dim=64)
DENSE = Layer(ATTENTION, Dense(2048))
MIXTURE = Layer(ATTENTION, Experts(count=16, active=2, intermediate=256, shared=128))
SEATS = Interval(40.0, 50.0, 64.0)
CLOSE = 1 + 1e-3
"""How far the search for a balance may be off."""


def model(*layers: Layer, quantization: Quantization | None = None) -> Architecture:
    return Architecture("test", "test", 512, 1000, False, layers, quantization=quantization)


MODELS = st.sampled_from((
    model(*[DENSE] * 24),
    model(*[MIXTURE] * 24),
    model(*[DENSE] * 2, *[Layer(Latent(8, 128, 64, 32, 16, 32), MIXTURE.mlp)] * 10),
    model(*[Layer(State("mamba2", 8, 64, 4096, 500_000), DENSE.mlp), DENSE] * 8),
    model(*[replace(DENSE, mixer=replace(ATTENTION, window=128)), DENSE] * 8, quantization=Quantization("fp8", 8, activation_bits=8)),
))  # fmt: skip
SPLITS = st.sampled_from(
    (Parallelism(), Parallelism(2), Parallelism(2, 2), Parallelism(2, 1, 2), Parallelism(1, 1, 4, None, True))
)
LENGTHS = st.integers(1, 20_000)
COUNTS = st.floats(1, 400)


def intervals(found: Latency | Capacity) -> list[Interval]:
    names = ("concurrency", *(("ttft", "tpot", "e2e") if isinstance(found, Latency) else ("requests_per_second",)))
    return [getattr(found, name) for name in names]


def below(less: Interval, more: Interval) -> bool:
    """Tell whether all three readings are at most the other's."""
    return all(a <= b * CLOSE or a == b for a, b in zip(ends(less), ends(more), strict=True))


def ends(found: Interval) -> tuple[float, float, float]:
    return found.low, found.estimate, found.high


def test_the_work_of_a_dense_model_is_counted_by_hand() -> None:
    mixer = 512 * (8 * 64 + 2 * 2 * 64 + 8 * 64)
    matrices = 2 * (mixer + 3 * 512 * 2048)
    assert work(model(DENSE, DENSE)) == Work(
        2, 512, Matrices(matrices, 0.0, 2.0 * matrices + 2 * 2 * 2 * 512), Matrices(512_000.0, 0.0, 1_024_000.0), (),
        (Reading(2, 2.0 * 8 * 128, 2.0 * 8 * 128, 2, 2.0 * 128, None),), 0.0, None,
    )  # fmt: skip


def test_the_work_of_experts_is_counted_by_hand() -> None:
    found = work(model(MIXTURE, quantization=Quantization("mxfp4", 4, group=32, scale_bits=8, dense=False)))
    one = 3 * 512 * 256
    assert found.routed == (Routed(1, 16, 2, one, one * 4.25 / 8),)
    assert found.matrices.quantized == 0.0


def test_published_sizes_come_out() -> None:
    """8.03 and 70.6 billion parameters of Llama 3.1, less the embedding table; 671 billion of DeepSeek V3, of which 37 compute."""
    sizes: list[tuple[int, int]] = []
    for name in ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-70B", "deepseek-ai/DeepSeek-V3"):
        facts = catalog.model(name)
        assert facts is not None
        found = work(architecture(facts))
        dense = found.matrices.plain + found.matrices.quantized + found.head.plain
        active = dense + sum(each.layers * each.active * each.weights for each in found.routed)
        whole = dense + sum(each.layers * each.count * each.weights for each in found.routed)
        sizes.append((round(active / 1e8), round(whole / 1e8)))
    assert sizes == [(75, 75), (695, 695), (366, 6701)]


def test_one_token_of_a_dense_model_is_read_at_the_speed_of_memory() -> None:
    """With everything else fast and nothing in the cache: bytes ÷ (bandwidth × share), and the fixed costs of a step."""
    big = model(*[Layer(ATTENTION, Dense(400_000))] * 10)
    found = work(big)
    times = latency(replica(found, Setting(GPU)), 1, 1, 2)
    rate, step, layer = (catalog.rate(name).interval for name in ("weight_read", "step", "layer"))
    floor = (found.matrices.bytes + found.head.bytes) / (2e12 * rate.high)
    assert isclose(times.tpot.low, floor + step.low + 10 * layer.low, rel_tol=0.02)


def test_what_hardware_multiplies_in() -> None:
    fp8, int8 = (Quantization(method, 8, activation_bits=8) for method in ("fp8", "w8a8"))
    assert [peaks(GPU, work(model(DENSE, quantization=how))) for how in (None, fp8, int8, Quantization("awq", 4, group=128))] == [
        (300e12, 300e12), (300e12, 600e12), (300e12, 600e12), (300e12, 300e12),
    ]  # fmt: skip
    old = replace(GPU, flops={"fp16": 100 * 10**12, "int8": 200 * 10**12})
    assert [peaks(old, work(model(DENSE, quantization=how))) for how in (fp8, int8)] == [(100e12, 100e12), (100e12, 200e12)]


@pytest.mark.parametrize(
    ("accelerator", "expected"),
    [
        (None, ("accelerator",)),
        (Accelerator("x", "nvidia", 1), ("bandwidth", "flops")),
        (Accelerator("x", "nvidia", 1, bandwidth=1), ("flops",)),
        (GPU, ()),
    ],
)
def test_what_nobody_knows_of_an_accelerator_is_named(accelerator: Accelerator | None, expected: tuple[str, ...]) -> None:
    assert missing(accelerator) == expected


def test_more_than_is_served_has_no_end() -> None:
    found = replica(work(model(*[DENSE] * 24)), Setting(GPU))
    most = saturated(found, SEATS, 1000, 200)
    times = loaded(found, SEATS, 1000, 200, most.requests_per_second.high * 1.01)
    assert (times.ttft, times.e2e) == (Interval(inf, inf, inf), Interval(inf, inf, inf))
    assert times.concurrency == SEATS
    assert times.tpot.high < inf


def test_requests_in_a_replica_are_what_littles_law_says() -> None:
    found = replica(work(model(*[DENSE] * 24)), Setting(GPU))
    times = loaded(found, SEATS, 1000, 200, 5.0)
    assert all(isclose(a, 5.0 * b, rel_tol=1e-4) for a, b in zip(ends(times.concurrency), ends(times.e2e), strict=True))


def test_speculation_can_only_be_said_as_an_interval() -> None:
    made = work(model(*[DENSE] * 24))
    plain, guessed = (latency(replica(made, Setting(GPU, proposed=tokens)), 1, 100, 100).tpot for tokens in (0, 4))
    assert guessed.low < plain.low
    assert guessed.high / guessed.low > plain.high / plain.low


def test_checking_proposals_costs_a_full_batch_more_than_one_request() -> None:
    made = work(model(*[MIXTURE] * 24))
    plain, guessed = (replica(made, Setting(GPU, proposed=tokens)) for tokens in (0, 6))
    gains = [latency(plain, count, 100, 100).tpot.low / latency(guessed, count, 100, 100).tpot.low for count in (1, 400)]
    assert gains[0] > gains[1]


def test_graphs_that_are_not_captured_cost_time() -> None:
    made = work(model(*[DENSE] * 24))
    assert (
        latency(replica(made, Setting(GPU, eager=True)), 1, 100, 100).tpot.low
        > latency(replica(made, Setting(GPU)), 1, 100, 100).tpot.low
    )


def test_a_network_between_nodes_costs_time() -> None:
    made = work(model(*[DENSE] * 24))
    split = Parallelism(16)
    times = [
        latency(replica(made, Setting(GPU, split, nodes, fabric=fabric)), 4, 500, 100).tpot
        for nodes, fabric in ((1, False), (2, True), (2, False))
    ]
    assert below(times[0], times[1])
    assert below(times[1], times[2])
    assert times[0] != times[1] != times[2]


@given(MODELS, SPLITS, COUNTS, LENGTHS, LENGTHS)
def test_readings_are_ordered(made: Architecture, split: Parallelism, count: float, prompt: int, answer: int) -> None:
    found = replica(work(made), Setting(GPU, split))
    seen: list[Latency | Capacity] = [
        latency(found, count, prompt, answer),
        saturated(found, SEATS, prompt, answer),
        loaded(found, SEATS, prompt, answer, count / 10),
    ]
    assert [each for one in seen for each in intervals(one) if not each.low <= each.estimate <= each.high] == []


@given(MODELS, SPLITS, COUNTS, LENGTHS, LENGTHS, st.floats(1, 8))
def test_more_bandwidth_is_never_slower(
    made: Architecture, split: Parallelism, count: float, prompt: int, answer: int, factor: float
) -> None:
    """With a fixed number of clients the first token may wait longer, since the other answers end sooner: there only the sum is less."""
    slow, fast = (replica(work(made), Setting(replace(GPU, bandwidth=round(2e12 * by)), split)) for by in (1.0, factor))
    alone = [latency(each, 1, prompt, answer) for each in (fast, slow)]
    assert below(alone[0].ttft, alone[1].ttft)
    crowd = [latency(each, count, prompt, answer) for each in (fast, slow)]
    assert below(crowd[0].tpot, crowd[1].tpot)
    assert below(crowd[0].e2e, crowd[1].e2e)
    most = [saturated(each, SEATS, prompt, answer).requests_per_second for each in (slow, fast)]
    assert below(most[0], most[1])


@given(MODELS, SPLITS, COUNTS, LENGTHS, LENGTHS, st.integers(0, 20_000))
def test_a_longer_prompt_is_never_faster(
    made: Architecture, split: Parallelism, count: float, prompt: int, answer: int, more: int
) -> None:
    found = replica(work(made), Setting(GPU, split))
    short, long = (latency(found, count, length, answer) for length in (prompt, prompt + more))
    assert below(short.tpot, long.tpot)
    assert below(short.e2e, long.e2e)
    short, long = (latency(found, 1, length, answer) for length in (prompt, prompt + more))
    assert below(short.ttft, long.ttft)


@given(MODELS, SPLITS, COUNTS, st.floats(0, 400), LENGTHS, LENGTHS)
def test_more_at_once_is_never_faster_for_one(
    made: Architecture, split: Parallelism, count: float, more: float, prompt: int, answer: int
) -> None:
    found = replica(work(made), Setting(GPU, split))
    few, many = (latency(found, number, prompt, answer) for number in (count, count + more))
    assert all(below(getattr(few, name), getattr(many, name)) for name in ("ttft", "tpot", "e2e"))


@given(MODELS, SPLITS, LENGTHS, LENGTHS, st.integers(1, 50), st.integers(1, 50))
def test_more_replicas_never_serve_less(
    made: Architecture, split: Parallelism, prompt: int, answer: int, some: int, more: int
) -> None:
    found = replica(work(made), Setting(GPU, split))
    few, many = (saturated(found, SEATS, prompt, answer, count) for count in (some, some + more))
    assert below(few.requests_per_second, many.requests_per_second)


@given(MODELS, SPLITS, LENGTHS, LENGTHS, st.floats(0.01, 50), st.floats(1, 4))
def test_more_traffic_is_never_faster(
    made: Architecture, split: Parallelism, prompt: int, answer: int, rate: float, factor: float
) -> None:
    found = replica(work(made), Setting(GPU, split))
    few, many = (loaded(found, SEATS, prompt, answer, each) for each in (rate, rate * factor))
    assert all(below(getattr(few, name), getattr(many, name)) for name in ("concurrency", "tpot", "e2e"))


@given(MODELS, SPLITS, LENGTHS, LENGTHS, st.floats(0.01, 50), st.floats(1, 8), st.integers(0, 20_000))
def test_under_the_same_traffic_more_bandwidth_and_shorter_prompts_are_never_slower(
    made: Architecture, split: Parallelism, prompt: int, answer: int, rate: float, factor: float, more: int
) -> None:
    slow, fast = (replica(work(made), Setting(replace(GPU, bandwidth=round(2e12 * by)), split)) for by in (1.0, factor))
    found = loaded(slow, SEATS, prompt, answer, rate)
    for other, less in (
        (loaded(fast, SEATS, prompt, answer, rate), True),
        (loaded(slow, SEATS, prompt + more, answer, rate), False),
    ):
        pairs = [(getattr(other, name), getattr(found, name)) for name in ("ttft", "tpot", "e2e")]
        assert all(below(one, two) if less else below(two, one) for one, two in pairs)
