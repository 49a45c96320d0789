"""How fast one replica computes: a roofline of what is read and multiplied, with what keeps real engines below it.

One step takes what is read (weights once, each sequence's cache) and what is multiplied, of which part hides behind the other, then
all-reduces, launches and scheduling. Prompts of others run between the tokens of an answer. All numbers come as three readings of the
same formulas, in which every rate is slow, usual or fast; each is monotone in every rate, so that the readings are ordered.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, sqrt

from stackspec import catalog
from stackspec.ir.facts import Accelerator
from stackspec.ir.fit import Interval
from stackspec.ir.models import Parallelism
from stackspec.ir.performance import Capacity, Latency
from stackspec.ir.record import record
from stackspec.sizing.work import Work

_ACTIVATION = 2.0
"""Bytes of one number that ranks exchange."""
_TRIES = 30
_CLOSE = 1e-6
"""How near to balance the concurrency under some traffic is sought, as a share of it."""


@record
class Setting:
    """Where a replica runs and how: what the rates of its readings are made from.

    `cache_bytes` is the width of one number of the cache. `share`: the part of the accelerator's bandwidth and operations that a slice
    or a tenant has. `fabric`: RDMA between nodes. `eager`: no CUDA graphs. `batch`: most tokens of one step. `proposed`: tokens that are
    proposed for each step (speculative decoding); how many a text accepts nobody knows, so only an interval comes of it.
    """

    accelerator: Accelerator
    parallelism: Parallelism = Parallelism()
    nodes: int = 1
    cache_bytes: float = 2.0
    share: Interval = Interval(1.0, 1.0, 1.0)
    fabric: bool = False
    eager: bool = False
    batch: int = 8192
    proposed: int = 0


def alike(setting: Setting) -> tuple[object, ...]:
    """Return what tells settings apart, as something that can be looked up."""
    gpu = setting.accelerator
    return (*(value for name, value in setting.__dict__.items() if name != "accelerator"), gpu.name, gpu.bandwidth,
            gpu.interconnect, gpu.interconnect_bandwidth, gpu.compute_capability, *gpu.flops.items())  # fmt: skip


@record
class Reading:
    """One reading: seconds that things take on the busiest rank, of which `a step` is what all stages of a pipeline do for one token.

    `fixed` a step; `sequence` each sequence; `token` each token of a prompt; `pair` and `decode` each pair of tokens (as prompt, in
    decoding); `cached` each cached token, with its window; `routed` each expert that a batch reaches, with how many there are.
    """

    weights: float
    routed: tuple[tuple[float, int, int], ...]
    cached: tuple[tuple[float, int | None], ...]
    state: float
    decode: float
    token: float
    first: float
    pairs: tuple[tuple[float, float, int | None], ...]
    fixed: float
    sequence: float
    exchange: float
    request: float
    overlap: float
    waiting: float
    waves: float
    lockstep: float
    touched: float
    checked: float
    accepted: float
    drafted: float


@record
class Replica:
    """A replica's readings, fast, usual and slow, with the split that they are for."""

    readings: tuple[Reading, Reading, Reading]
    data: int
    stages: int
    batch: int


def missing(accelerator: Accelerator | None) -> tuple[str, ...]:
    """Return the facts of an accelerator without which nothing can be said."""
    if accelerator is None:
        return ("accelerator",)
    absent = () if accelerator.bandwidth else ("bandwidth",)
    return absent if accelerator.flops else (*absent, "flops")


def replica(work: Work, setting: Setting) -> Replica:
    """Return the readings of one replica; its accelerator lacks nothing (`missing`)."""
    fast, usual, slow = (_reading(work, setting, at) for at in (0, 1, 2))
    data = max(1, setting.parallelism.data)
    return Replica((fast, usual, slow), data, max(1, setting.parallelism.pipeline), max(1, setting.batch))


def latency(found: Replica, concurrency: float, prompt: int, answer: int) -> Latency:
    """Return the times of one request among `concurrency` at once in one replica, whose prompts and answers are all this long.

    A fixed number of clients, each of which asks again when it has its answer, as benchmarks do: part of them ask together.
    """
    times = [_times(each, found, concurrency, prompt, answer, each.waves) for each in found.readings]
    count = Interval(concurrency, concurrency, concurrency)
    return Latency(count, *(Interval(*sorted(time[at] for time in times)) for at in (0, 1, 2)))


def saturated(found: Replica, seats: Interval, prompt: int, answer: int, replicas: int = 1) -> Capacity:
    """Return what `replicas` of them serve with all `seats` of each taken."""
    places = (max(1.0, seats.high), max(1.0, seats.estimate), max(1.0, seats.low))
    ends = [place / _times(each, found, place, prompt, answer)[2] for each, place in zip(found.readings, places, strict=True)]
    rates = Interval(*(replicas * end for end in sorted(ends)))
    held = Interval(*(replicas * place for place in sorted(places)))
    return Capacity(held, rates, Interval(rates.low * answer, rates.estimate * answer, rates.high * answer))


def loaded(found: Replica, seats: Interval, prompt: int, answer: int, rate: float) -> Latency:
    """Return the times under `rate` requests a second to one replica: Little's law, solved for the requests in it.

    Where more arrives than leaves with all seats taken, the queue grows: the times to the first token and in all are infinite.
    """
    places = (max(1.0, seats.high), max(1.0, seats.estimate), max(1.0, seats.low))
    found_times = [
        _settled(each, found, place, prompt, answer, rate) for each, place in zip(found.readings, places, strict=True)
    ]
    return Latency(*(Interval(*sorted(times[at] for times in found_times)) for at in range(4)))


def _settled(
    each: Reading, found: Replica, place: float, prompt: int, answer: int, rate: float
) -> tuple[float, float, float, float]:
    """Find the concurrency at which as much leaves as arrives, by false position with halved ends (Illinois)."""
    most = _times(each, found, place, prompt, answer)
    if place < rate * most[2]:
        return place, inf, most[1], inf
    low, high, less, more = 0.0, place, -rate * _times(each, found, 0.0, prompt, answer)[2], place - rate * most[2]
    middle, times, side = high, most, 0
    for _ in range(_TRIES):
        middle = (less * high - more * low) / (less - more)
        times = _times(each, found, middle, prompt, answer)
        gap = middle - rate * times[2]
        if abs(gap) <= _CLOSE * middle:
            break
        if gap < 0:
            low, less, more, side = middle, gap, more / 2 if side < 0 else more, -1
        else:
            high, more, less, side = middle, gap, less / 2 if side > 0 else less, 1
    return middle, *times


def _times(
    each: Reading, found: Replica, concurrency: float, prompt: int, answer: int, waves: float = 0.0
) -> tuple[float, float, float]:
    """Return the seconds to the first token, between tokens, and in all.

    The requests of all data ranks and stages share out evenly. A sequence meets, with each of its tokens, the part of the others' prompts
    that comes between; prompts that wait for each other are one station of a closed queueing network, `waves` of them come together.
    """
    resident = max(1.0, concurrency / found.data)
    others, tokens = resident - 1.0, max(1, answer)
    context = prompt + tokens / 2
    stage = max(1.0, resident / found.stages)
    alone = _prompt(each, found, prompt)
    mixed = others * each.lockstep * prompt / tokens / found.stages
    between = _step(each, found, stage, context, mixed, prompt) * each.drafted / each.accepted
    rest = (tokens - 1) * between
    queue = _queue(alone / found.stages, rest, resident) - alone / found.stages
    queue = each.waiting * (queue + (between if others > 0 else 0.0)) + waves * others / 2 * alone / found.stages
    first = each.request + alone + queue
    return first, between, first + rest


def _queue(service: float, rest: float, customers: float) -> float:
    """Return the time at one station of a closed network (Schweitzer's approximation), with `rest` spent elsewhere."""
    gap = rest - service * customers
    return (sqrt(gap * gap + 4 * service * rest) - gap) / 2 if rest else service * customers


def _step(each: Reading, found: Replica, sequences: float, context: float, tokens: float, prompt: int) -> float:
    """Return the mean seconds of a step with that many decoding sequences and tokens of prompts of others.

    Prompts come as a whole or by the batch, so only some steps have any, and reach more experts. Proposed tokens are checked as if they
    were tokens of further sequences that share a cache.
    """
    checked = sequences * each.checked
    chunk = float(min(max(1, prompt), found.batch))
    busy = min(1.0, tokens / chunk)
    read = each.weights + sequences * (each.state + sum(seconds * _seen(context, window) for seconds, window in each.cached))
    for seconds, count, active in each.routed:
        idle = _reached(count, active, checked * found.data, each.touched)
        full = _reached(count, active, (checked + chunk) * found.data, each.touched)
        read += seconds * (idle + busy * (full - idle))
    multiplied = checked * (each.decode + sum(decode * _seen(context, window) for _, decode, window in each.pairs))
    multiplied += tokens * _per_token(each, prompt)
    together = max(read, multiplied) + (1 - each.overlap) * min(read, multiplied)
    return together + each.fixed + sequences * each.sequence + (checked + tokens) * each.exchange


def _prompt(each: Reading, found: Replica, prompt: int) -> float:
    """Return the seconds of a prompt alone, in as many steps as its length takes."""
    steps = -(-prompt // found.batch)
    read = each.weights
    for seconds, count, active in each.routed:
        read += seconds * _reached(count, active, min(prompt, found.batch), each.touched)
    multiplied = prompt * _per_token(each, prompt) + each.first
    together = max(steps * read, multiplied) + (1 - each.overlap) * min(steps * read, multiplied)
    return together + steps * each.fixed + each.sequence + prompt * each.exchange


def _per_token(each: Reading, prompt: int) -> float:
    """A token of a prompt looks back at half of it on average."""
    return each.token + sum(pair * _seen(prompt / 2, window) for pair, _, window in each.pairs)


def _seen(context: float, window: int | None) -> float:
    return context if window is None else min(context, float(window))


def _reached(count: int, active: int, tokens: float, touched: float) -> float:
    """Return how many of `count` experts some of the tokens choose; never fewer than one token does."""
    if active >= count:
        return float(count)
    missed: float = (1.0 - active / count) ** max(1.0, tokens)
    return max(float(active), count * (1.0 - missed) * touched)


def _reading(work: Work, setting: Setting, at: int) -> Reading:
    """Make one reading: 0 fast, 1 usual, 2 slow."""
    gain = _picker(2 - at)
    cost = _picker(at)
    split = setting.parallelism
    tensor, ranks = max(1, split.tensor), max(1, split.tensor) * (max(1, split.data) if work.routed else 1)
    share = _ends(setting.share)[2 - at]
    bandwidth = float(setting.accelerator.bandwidth or 0) * share
    plain, quantized = (peak * share for peak in peaks(setting.accelerator, work))
    read, cached = bandwidth * gain("weight_read"), bandwidth * gain("cache_read")
    dense = 2 * work.matrices.plain / (plain * gain("plain_flops")) + 2 * work.matrices.quantized / (
        quantized * gain("quantized_flops")
    )
    head = 2 * (work.head.plain + work.head.quantized) / (plain * gain("plain_flops"))
    experts = sum(2 * each.layers * each.active * each.weights for each in work.routed) / (quantized * gain("expert_flops"))
    attention = plain * gain("attention_flops") * tensor
    seconds, fixed, exchange = dense / tensor + experts / tensor, *_between(work, setting, gain, cost)
    groups = sum(each.layers for each in work.routed)
    return Reading(
        weights=(work.matrices.bytes + work.head.bytes) / tensor / read,
        routed=tuple((each.layers * each.bytes / ranks / read, each.count, each.active) for each in work.routed),
        cached=tuple(
            (each.layers * each.numbers * setting.cache_bytes / min(tensor, max(1, each.heads)) / cached, each.window)
            for each in work.attention
        ),
        state=2 * work.state / tensor / cached,
        decode=seconds + head / tensor,
        token=seconds,
        first=head / tensor,
        pairs=tuple((each.layers * each.prompt / attention, each.layers * each.decode / attention, each.window) for each in work.attention),
        fixed=cost("step") + work.layers * cost("layer_eager" if setting.eager else "layer") + groups * cost("expert_layer") + fixed,
        sequence=cost("sequence"),
        exchange=exchange,
        request=cost("request"),
        overlap=gain("overlap"),
        waiting=cost("waiting"),
        waves=cost("waves"),
        lockstep=1.0 + (max(1, split.data) - 1) * at / 2 if work.routed else 1.0,
        touched=cost("experts_touched"),
        checked=1.0 + setting.proposed,
        accepted=_accepted(gain("acceptance"), setting.proposed),
        drafted=1.0 + cost("drafting") * setting.proposed,
    )  # fmt: skip


def _between(work: Work, setting: Setting, gain: Callable[[str], float], cost: Callable[[str], float]) -> tuple[float, float]:
    """Return the seconds that exchanges between ranks take: of each step, and of each token in it.

    Tensor ranks reduce twice a layer, and a ring moves 2 (n - 1) / n of the data past each; stages of a pipeline hand it on once.
    """
    split = setting.parallelism
    size = work.hidden * _ACTIVATION
    fixed = exchange = 0.0
    across = setting.nodes > 1
    ranks = max(1, split.tensor)
    if ranks > 1:
        bandwidth, seconds = _link(setting, across and split.pipeline == split.data == 1, gain, cost)
        fixed += 2 * work.layers * seconds
        exchange += 2 * work.layers * 2 * (ranks - 1) / ranks * size / bandwidth
    if split.pipeline > 1:
        bandwidth, seconds = _link(setting, across, gain, cost)
        fixed += (split.pipeline - 1) * seconds
        exchange += (split.pipeline - 1) * size / bandwidth
    if split.data > 1 and work.routed:
        bandwidth, seconds = _link(setting, across, gain, cost)
        layers = sum(each.layers for each in work.routed)
        fixed += 2 * layers * seconds
        exchange += 2 * layers * split.data * size / bandwidth
    return fixed, exchange


def _link(setting: Setting, far: bool, gain: Callable[[str], float], cost: Callable[[str], float]) -> tuple[float, float]:
    """Return the bytes a second and the seconds of a small message on the way between ranks."""
    if far:
        kind = "fabric" if setting.fabric else "ethernet"
        return gain(f"{kind}_bandwidth"), cost(f"{kind}_reduce")
    accelerator = setting.accelerator
    kind = "pcie" if accelerator.interconnect in (None, "pcie") else "nvlink"
    both = float(accelerator.interconnect_bandwidth or 64 * 10**9)
    return both / 2 * gain(f"{kind}_share"), cost(f"{kind}_reduce")


def peaks(accelerator: Accelerator, work: Work) -> tuple[float, float]:
    """Return dense operations a second for plain and for quantized weights.

    Hardware without the narrow type multiplies in 16 bits; so do weights whose activations stay wide.
    """
    flops = accelerator.flops
    plain = float(flops.get("bf16") or flops.get("fp16") or max(flops.values()))
    how = work.quantization
    if how is None or how.activation_bits >= 16:
        return plain, plain
    narrow = flops.get("fp4") if how.activation_bits <= 4 else None
    if narrow is None and how.activation_bits == 8:
        narrow = flops.get("fp8") or (None if "fp8" in how.method else flops.get("int8"))
    return plain, max(plain, float(narrow or 0))


def _accepted(acceptance: float, tokens: int) -> float:
    """Return the tokens of one step where each proposal is accepted with the same probability (https://arxiv.org/abs/2211.17192)."""
    return sum((acceptance**power for power in range(1, tokens + 1)), 1.0)


def _picker(at: int) -> Callable[[str], float]:
    return lambda name: _ends(catalog.rate(name).interval)[at]


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.low, interval.estimate, interval.high
