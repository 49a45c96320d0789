"""Whether the replicas of a group serve the traffic that they are meant for, within its objectives: always an interval that says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, log

from stackspec import catalog
from stackspec.ir.architecture import Architecture, Quantization
from stackspec.ir.fit import Assumption, Interval
from stackspec.ir.models import Group, Model, Objective, Traffic
from stackspec.ir.performance import Answer, Capacity, Latency, Outcome, Performance
from stackspec.sizing.roofline import Replica, Setting, alike, latency, loaded, missing, replica, saturated
from stackspec.sizing.work import Work, work

Seats = Callable[[int], Interval]

_PROMPT, _ANSWER = 1024, 256
"""Lengths of one request where no traffic says them."""
_ORDER: tuple[Outcome, ...] = ("meets", "may-meet", "unknown", "does-not-meet")
_NAMED = ("weight_read", "cache_read", "plain_flops", "quantized_flops", "expert_flops", "step", "waiting")
_NARROW = {"fp8": 1.0, "fp8_e4m3": 1.0, "fp8_e5m2": 1.0, "int8": 1.0, "nvfp4": 0.5}


def group_performance(
    model: Model, group: Group, architecture: Architecture | None, *,
    sequences: int = 256, batch: int = 8192, eager: bool = False, stored: Quantization | None = None,
) -> Performance:  # fmt: skip
    """Return how fast all replicas of a group are that serves a model alone.

    `sequences` and `batch` are the engine's limits of one step, `stored` how weights are quantized on loading. The cache of `group.fit`
    bounds how many requests run at once; without it `sequences` does, and one sequence of the whole context, without which no engine
    starts. Nothing is said of prefill and decode apart.
    """
    lacking = missing(group.pool.accelerator)
    if architecture is None:
        lacking = (*lacking, "model")
    elif architecture.missing:
        lacking = (*lacking, *architecture.missing)
    if group.role != "serve":
        lacking = (*lacking, "disaggregation")
    if lacking or architecture is None:
        return Performance("unknown", lacking)
    setting = group_setting(group, batch=batch, eager=eager)
    fit = group.fit
    least = float(group.context or architecture.max_context or 0)
    tokens = fit.kv_tokens if fit is not None and fit.kv_tokens.high > 0 else Interval(least, inf, inf)
    return performance(
        work(architecture, stored), setting, seats=lambda length: _seats(tokens, sequences, length, setting.parallelism.data),
        replicas=max(1, group.replicas_max), traffic=model.traffic, slo=model.slo,
    )  # fmt: skip


def group_setting(group: Group, *, batch: int = 8192, eager: bool = False) -> Setting:
    """Return where and how a group runs; its pool has an accelerator."""
    pool = group.pool
    if pool.accelerator is None:
        raise ValueError(f"pool {pool.name} has no accelerator")
    share = Interval(1.0, 1.0, 1.0)
    if pool.sharing.kind in ("time_slicing", "mps") and pool.sharing.ways > 1:
        share = Interval(1.0 / pool.sharing.ways, 1.0 / pool.sharing.ways, 1.0)
    profile = pool.accelerator.mig.get(group.slice or "")
    if profile is not None:
        share = Interval(profile.slices / 8, profile.slices / 7, profile.slices / 7)
    proposed = (group.speculative.tokens or 0) if group.speculative else 0
    return Setting(
        pool.accelerator, group.parallelism, nodes=group.nodes, cache_bytes=_NARROW.get(group.kv_cache_dtype or "", 2.0), share=share,
        fabric=pool.fabric is not None, eager=eager, batch=batch, proposed=proposed,
    )  # fmt: skip


def performance(
    work: Work, setting: Setting, *, seats: Seats, replicas: int = 1, traffic: Traffic | None = None, slo: Sequence[Objective] = (),
) -> Performance:  # fmt: skip
    """Return the table of one group; `seats` gives how many requests of a length run at once in a replica. What is alike is shared."""
    prompt, answer = _lengths(traffic)
    room = seats(prompt + answer)
    key = (id(work), alike(setting), room, replicas, traffic, tuple(slo))
    known = _known.get(key)
    if known is None:
        known = _known[key] = (work, _performance(work, setting, room, replicas, traffic, slo))
    return known[1]


_known: dict[tuple[object, ...], tuple[Work, Performance]] = {}


def _performance(
    work: Work, setting: Setting, room: Interval, replicas: int, traffic: Traffic | None, slo: Sequence[Objective]
) -> Performance:
    prompt, answer = _lengths(traffic)
    found = replica(work, setting)
    single, most = latency(found, 1.0, prompt, answer), saturated(found, room, prompt, answer, replicas)
    assumptions = _assumptions(traffic, prompt, answer, replicas, room)
    if traffic is None:
        outcome: Outcome = "unknown" if slo else "meets"
        answers = tuple(Answer(each.metric, each.percentile, each.seconds, "unknown") for each in slo)
        return Performance(outcome, ("traffic",) if slo else (), single, most, answers=answers, assumptions=assumptions)
    times, used = under(found, room, prompt, answer, replicas, traffic.requests_per_second, most)
    answers = tuple(judge(each, times, used) for each in slo)
    outcomes: tuple[Outcome, ...] = (_enough(used), *(each.outcome for each in answers))
    return Performance(max(outcomes, key=_ORDER.index), (), single, most, times, used, answers, assumptions)


def under(
    found: Replica, room: Interval, prompt: int, answer: int, replicas: int, rate: float, most: Capacity
) -> tuple[Latency, Interval]:
    """Return the times of one replica under its part of the traffic, and the share of all capacity that the traffic takes."""
    capacity = most.requests_per_second
    used = Interval(rate / capacity.high, rate / capacity.estimate, rate / capacity.low)
    return loaded(found, room, prompt, answer, rate / replicas), used


def middle_tpot(found: Performance) -> float | None:
    """Return the seconds between two tokens that bound time-outs where no objective does: under the traffic, else of one request alone."""
    times = found.loaded or found.single
    return times.tpot.estimate if times else None


def judge(objective: Objective, times: Latency, used: Interval) -> Answer:
    """Compare one objective with what is expected at its percentile."""
    mean: Interval = getattr(times, objective.metric)
    factor = _tail(objective.metric, objective.percentile, used)
    expected = Interval(mean.low * factor.low, mean.estimate * factor.estimate, mean.high * factor.high)
    outcome: Outcome = "may-meet"
    if expected.high <= objective.seconds:
        outcome = "meets"
    elif expected.low > objective.seconds:
        outcome = "does-not-meet"
    return Answer(objective.metric, objective.percentile, objective.seconds, outcome, expected)


def _tail(metric: str, percentile: int, used: Interval) -> Interval:
    """Return how a percentile compares with the mean.

    Waiting times lie between equal ones and exponential ones, whose quantile is -ln(1 - p) times their mean; how far follows the share
    of the capacity that is used. Times that sum over a whole answer vary less (https://doi.org/10.1145/322186.322195 for the means).
    """
    exponential = -log(1.0 - min(percentile, 99.9) / 100.0)
    busy = min(1.0, used.estimate)
    least, most = (1.0, 1.0) if metric == "ttft" else (0.25, 0.5)
    ends = (1.0, 1.0 + (exponential - 1.0) * busy * least, 1.0 + (exponential - 1.0) * most)
    return Interval(min(ends), sorted(ends)[1], max(ends))


def _enough(used: Interval) -> Outcome:
    if used.high <= 1.0:
        return "meets"
    return "does-not-meet" if used.low > 1.0 else "may-meet"


def _lengths(traffic: Traffic | None) -> tuple[int, int]:
    prompt = traffic.input_tokens if traffic else None
    answer = traffic.output_tokens if traffic else None
    return max(1, _PROMPT if prompt is None else prompt), max(1, _ANSWER if answer is None else answer)


def _seats(tokens: Interval, sequences: int, length: int, data: int) -> Interval:
    """Return how many requests run at once in a replica: as the engine allows, and as whole ones fit in the cache of each data rank."""
    ends = (tokens.low, tokens.estimate, tokens.high)
    return Interval(*(max(1.0, min(float(sequences), end // length)) * max(1, data) for end in ends))


def _assumptions(traffic: Traffic | None, prompt: int, answer: int, replicas: int, room: Interval) -> tuple[Assumption, ...]:
    known = traffic is not None and traffic.input_tokens is not None and traffic.output_tokens is not None
    rates = [catalog.rate(name) for name in _NAMED]
    most = f"{room.estimate:.0f}" if room.estimate < inf else "any number"
    return (
        Assumption(
            "lengths", f"{prompt} tokens of prompt, {answer} of answer", "traffic" if known else "assumed; declare `traffic`"
        ),
        Assumption("prefix caching", "no prompt is found in the cache", "assumed: what is found costs nothing"),
        Assumption("replicas", f"{replicas}, each with its even part", "as many as the group may run"),
        Assumption("seats", f"{most} requests at once in a replica", "the cache, and the engine's limit of sequences"),
        *(
            Assumption(rate.name, f"{rate.interval.low:g} to {rate.interval.high:g} {rate.unit}: {rate.note}", rate.source)
            for rate in rates
        ),
    )
