"""Does the traffic meet the objectives: worked verdicts, percentiles, and what is missing by name."""

from __future__ import annotations

from math import inf, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackspec import catalog
from stackspec.check import check
from stackspec.checkpoints.architecture import architecture
from stackspec.ir.architecture import Architecture
from stackspec.ir.facts import Accelerator
from stackspec.ir.fit import Fit, Interval
from stackspec.ir.models import Group, Model, Objective, Traffic
from stackspec.ir.performance import Answer, Latency, Outcome, Performance
from stackspec.ir.record import replace
from stackspec.project import Project
from stackspec.sizing.objectives import group_performance, group_setting, judge, middle_tpot, performance
from stackspec.sizing.roofline import Setting
from stackspec.sizing.work import work

SPEC = """\
stackspec: v1
name: demo
cluster: {{kind: {kind}, pools: {{gpu: {{{pool}}}}}}}
models: {{chat: {{model: meta-llama/Llama-3.1-8B-Instruct{more}}}}}
"""
H100 = "accelerator: h100-sxm-80gb, gpus_per_node: 8"
TIMES = Latency(Interval(1, 2, 4), Interval(0.1, 0.2, 0.4), Interval(0.01, 0.02, 0.04), Interval(1, 2, 4))
IDLE, HALF = Interval(0, 0, 0), Interval(0.4, 0.5, 0.6)


def resolved(more: str = "", pool: str = H100, kind: str = "compose") -> tuple[Model, Group]:
    found = check(Project("-"), (), data=SPEC.format(kind=kind, pool=pool, more=more).encode()).stacks[""].models["chat"]
    return found, found.groups[0]


def llama() -> Architecture:
    facts = catalog.model("meta-llama/Llama-3.1-8B-Instruct")
    assert facts is not None
    return architecture(facts)


def gpu() -> Accelerator:
    found = catalog.accelerator("h100-sxm-80gb")
    assert found is not None
    return found


def under(rate: float, *slo: Objective, replicas: int = 1) -> Performance:
    setting = Setting(gpu())
    traffic = Traffic(rate, 1000, 200)
    return performance(
        work(llama()), setting, seats=lambda _: Interval(100, 120, 128), replicas=replicas, traffic=traffic, slo=slo
    )


@pytest.mark.parametrize(("rate", "outcome"), [(1.0, "meets"), (15.0, "may-meet"), (1000.0, "does-not-meet")])
def test_capacity_alone_gives_the_verdict_without_objectives(rate: float, outcome: Outcome) -> None:
    assert under(rate).outcome == outcome


def test_the_worst_answer_is_the_verdict() -> None:
    found = under(1.0, Objective("ttft", 95, 5.0), Objective("tpot", 95, 0.0001))
    assert [answer.outcome for answer in found.answers] == ["meets", "does-not-meet"]
    assert found.outcome == "does-not-meet"


def test_more_replicas_meet_what_one_does_not() -> None:
    slo = Objective("tpot", 95, 0.06)
    assert (under(30.0, slo).outcome, under(30.0, slo, replicas=20).outcome) == ("may-meet", "meets")


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(0.05, "does-not-meet"), (0.1, "may-meet"), (0.3, "may-meet"), (0.4, "meets"), (1.0, "meets")]
)
def test_an_interval_is_compared_with_the_objective(seconds: float, outcome: Outcome) -> None:
    """At 63 of 100 an exponential time is its mean, so that the factor is one."""
    objective = Objective("ttft", 63, seconds)
    answer = judge(objective, replace(TIMES, ttft=Interval(0.1, 0.2, 0.399)), IDLE)
    assert answer.outcome == outcome


def test_a_percentile_lies_between_equal_and_exponential_times() -> None:
    found = judge(Objective("ttft", 95, 1.0), TIMES, HALF).expected
    assert found is not None
    tail = -log(0.05)
    assert found.low == 0.1
    assert isclose(found.estimate, 0.2 * (1 + (tail - 1) / 2))
    assert isclose(found.high, 0.4 * tail)
    answer = judge(Objective("tpot", 95, 1.0), TIMES, HALF).expected
    assert answer is not None
    assert isclose(answer.high, 0.04 * (1 + (tail - 1) / 2))


@given(
    st.sampled_from(("ttft", "tpot", "e2e")), st.integers(1, 99), st.integers(1, 99),
    st.tuples(st.floats(0, 3), st.floats(0, 3), st.floats(0, 3)),
)  # fmt: skip
def test_a_higher_percentile_never_expects_less(metric: str, some: int, more: int, used: tuple[float, float, float]) -> None:
    low, middle, high = sorted(used)
    few, many = (
        judge(Objective(metric, percentile, 1.0), TIMES, Interval(low, middle, high)).expected  # type: ignore[arg-type]  # sampled
        for percentile in sorted((some, more))
    )
    assert few is not None and many is not None
    assert few.low <= few.estimate <= few.high
    assert (few.low <= many.low, few.estimate <= many.estimate, few.high <= many.high) == (True, True, True)


def test_a_queue_without_end_meets_nothing() -> None:
    endless = Interval(inf, inf, inf)
    assert judge(Objective("e2e", 50, 1e9), replace(TIMES, e2e=endless), HALF).outcome == "does-not-meet"


def test_objectives_without_traffic_are_unknown() -> None:
    found = performance(work(llama()), Setting(gpu()), seats=lambda _: Interval(1, 1, 1), slo=(Objective("ttft", 95, 1.0),))
    assert (found.outcome, found.missing, found.answers) == ("unknown", ("traffic",), (Answer("ttft", 95, 1.0, "unknown"),))
    assert found.loaded is None


def test_the_time_per_token_that_bounds_time_outs() -> None:
    busy = under(20.0)
    alone = performance(work(llama()), Setting(gpu()), seats=lambda _: Interval(1, 1, 1))
    assert busy.loaded is not None and alone.single is not None
    assert middle_tpot(busy) == busy.loaded.tpot.estimate
    assert middle_tpot(alone) == alone.single.tpot.estimate
    assert middle_tpot(Performance("unknown", ("model",))) is None


def test_a_group_of_a_spec_is_answered() -> None:
    model, group = resolved(
        ", traffic: {requests_per_second: 1, input_tokens: 500, output_tokens: 100}, slo: {tpot: {p95: 60ms}}"
    )
    found = group_performance(model, group, llama())
    assert (found.outcome, found.missing, [answer.outcome for answer in found.answers]) == ("meets", (), ["meets"])
    assert found.assumptions[0].value == "500 tokens of prompt, 100 of answer"


def test_the_cache_bounds_what_runs_at_once() -> None:
    model, group = resolved(", traffic: {requests_per_second: 1, input_tokens: 900, output_tokens: 100}")
    tight = replace(group, fit=Fit("fits", kv_tokens=Interval(4000, 5000, 6000)))
    found = group_performance(model, tight, llama())
    assert found.saturated is not None
    assert found.saturated.concurrency == Interval(4, 5, 6)


@pytest.mark.parametrize(
    ("pool", "known", "missing"),
    [
        ("cpu: 8, memory: 32Gi", True, ("accelerator",)),
        ("accelerator: gb10, gpus_per_node: 1", True, ("flops",)),
        (H100, False, ("model",)),
    ],
)
def test_what_is_missing_is_named(pool: str, known: bool, missing: tuple[str, ...]) -> None:
    model, group = resolved(pool=pool)
    assert group_performance(model, group, llama() if known else None) == Performance("unknown", missing)


def test_facts_that_the_model_lacks_are_named() -> None:
    model, group = resolved()
    assert group_performance(model, group, replace(llama(), missing=("num_hidden_layers",))).missing == ("num_hidden_layers",)


def test_roles_apart_are_unknown() -> None:
    model, group = resolved()
    assert group_performance(model, replace(group, role="decode"), llama()).missing == ("disaggregation",)


@pytest.mark.parametrize(
    ("pool", "more", "share"),
    [
        (H100, "", Interval(1, 1, 1)),
        ("accelerator: l4, gpus_per_node: 1, sharing: {kind: time_slicing, replicas: 2}", "", Interval(0.5, 0.5, 1)),
        (H100 + ", sharing: {kind: mig, slices: {3g.40gb: 2}}", ", slice: 3g.40gb", Interval(3 / 8, 3 / 7, 3 / 7)),
    ],
)
def test_a_part_of_an_accelerator_has_its_part_of_the_speed(pool: str, more: str, share: Interval) -> None:
    assert group_setting(resolved(more, pool, "kubernetes")[1]).share == share


def test_a_pool_without_an_accelerator_has_no_setting() -> None:
    with pytest.raises(ValueError, match="gpu has no accelerator"):
        group_setting(resolved(pool="cpu: 8, memory: 32Gi")[1])


def test_words_of_a_spec_reach_the_roofline() -> None:
    _, group = resolved(", kv_cache_dtype: fp8, parallelism: {tensor: 2}, speculative: {method: ngram, tokens: 3}")
    found = group_setting(group, batch=2048, eager=True)
    assert (found.cache_bytes, found.parallelism.tensor, found.proposed, found.batch, found.eager) == (1.0, 2, 3, 2048, True)
