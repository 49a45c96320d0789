"""The budget of each pipeline stage, what is left of it for the cache, and the verdict of the fullest one."""

from __future__ import annotations

from stackspec.engines.vllm.memory.activation import activation
from stackspec.engines.vllm.memory.behaviour import Behaviour, behaviour
from stackspec.engines.vllm.memory.beside import adapters, draft
from stackspec.engines.vllm.memory.cache import Pool, pool
from stackspec.engines.vllm.memory.compressed import PackedPool, is_compressed, packed
from stackspec.engines.vllm.memory.fitted import Fitted
from stackspec.engines.vllm.memory.layout import kept
from stackspec.engines.vllm.memory.outside import context_bytes, graphs, other
from stackspec.engines.vllm.memory.run import Run, likeness
from stackspec.engines.vllm.memory.settings import Settings, settings
from stackspec.engines.vllm.memory.stages import bounds
from stackspec.engines.vllm.memory.weights import drafts
from stackspec.engines.vllm.memory.weights import parts as weights
from stackspec.ir.architecture import Layer
from stackspec.ir.fit import Assumption, Fit, Interval, Part, Verdict
from stackspec.ir.record import record, replace
from stackspec.sizing.intervals import exact, rest, total
from stackspec.sizing.verdict import verdict


@record
class Stage:
    """One pipeline stage: its parts, what is left for the cache, and how the cache is laid out."""

    at: int
    parts: tuple[Part, ...]
    available: Interval
    pool: Pool | PackedPool | None


def computed(run: Run, release: str, numbers: Fitted) -> Fit:
    """Return the answer for a run whose facts are complete, under one release."""
    ways = behaviour(release)
    given = settings(run, ways)
    budget = run.total * given.share
    found = _stages(run, release, given, numbers, budget)
    context = given.context or 1
    tightest = min(found, key=lambda stage: _blocks(stage).estimate)
    blocks = Interval(*(min(end) for end in zip(*((b.low, b.estimate, b.high) for b in map(_blocks, found)), strict=True)))
    return _answer(run, given, ways, tightest, blocks, budget, context)


_known: dict[tuple[object, ...], tuple[Run, Fitted, tuple[Stage, ...]]] = {}


def _stages(run: Run, release: str, given: Settings, numbers: Fitted, budget: float) -> tuple[Stage, ...]:
    """Return the stages; nothing of them depends on the longest sequence but by the settings, so runs that differ by it share them."""
    key = (release, replace(given, context=None), id(numbers), *likeness(run, context=False))
    found = _known.get(key)
    if found is None:
        ways = behaviour(release)
        stages = tuple(_stage(run, given, ways, numbers, budget, at) for at in range(run.parallelism.pipeline))
        found = _known[key] = (run, numbers, stages)
    return found[2]


def _stage(run: Run, given: Settings, ways: Behaviour, numbers: Fitted, budget: float, at: int) -> Stage:
    first, end = bounds(len(run.architecture.layers), run.parallelism.pipeline)[at]
    layers = run.architecture.layers[first:end]
    last = at == run.parallelism.pipeline - 1
    parts = (
        weights(run, given)[at],
        activation(run, given, ways, layers, last, numbers),
        other(run, ways, numbers),
        graphs(given, layers, ways, numbers),
        *(part for part in (adapters(run, given, layers), draft(run, given) if last else None) if part is not None),
    )
    taken = total(*(part.bytes for part in parts if part.budgeted))
    available = exact(float(given.cache_bytes)) if given.cache_bytes else rest(budget, taken)
    if last and drafts(run):
        layers = (*layers, *run.architecture.draft)
    if last and run.draft is not None and not run.draft.missing:
        layers = (*layers, *run.draft.layers)
    return Stage(at, parts, available, None if run.architecture.encoder else _pool(run, given, ways, layers))


def _pool(run: Run, given: Settings, ways: Behaviour, layers: tuple[Layer, ...]) -> Pool | PackedPool | None:
    return packed(layers, given) if is_compressed(layers) else pool(kept(layers, given, run.parallelism.tensor), given, ways)


def _blocks(stage: Stage) -> Interval:
    if stage.pool is None:
        return exact(1.0)
    free = stage.available
    return Interval(*(float(stage.pool.blocks(end)) for end in (free.low, free.estimate, free.high)))


def _answer(run: Run, given: Settings, ways: Behaviour, stage: Stage, blocks: Interval, budget: float, context: int) -> Fit:
    layout = stage.pool
    if layout is None:
        return Fit(verdict=verdict(stage.available, exact(0.0)), total=run.total, budget=budget, parts=stage.parts,
                   kv_available=stage.available, context=given.context, max_context=run.architecture.max_context, stage=stage.at,
                   assumptions=_assumptions(run))  # fmt: skip
    needed = exact(float(layout.needed(context, given, ways)))
    each = layout.of_sequence(context, given)
    ends = (blocks.low, blocks.estimate, blocks.high)
    return Fit(
        verdict=_judged(run, given, stage, needed), total=run.total, budget=budget, parts=stage.parts,
        kv_available=stage.available, kv_needed=needed, kv_bytes_per_token=layout.block_bytes / layout.block,
        kv_tokens=Interval(*(float(layout.tokens(int(end), context, given, ways)) for end in ends)),
        state_bytes_per_sequence=_state(layout), block_size=layout.block, context=given.context,
        max_context=_longest(layout, stage.available.low, run, given, ways),
        max_concurrency=Interval(*(end / each for end in ends)), stage=stage.at, assumptions=_assumptions(run),
    )  # fmt: skip


def _state(layout: Pool | PackedPool) -> float:
    """Return what one sequence keeps whatever its length, on one rank, padding included."""
    return float(sum(one.page for one in layout.layers if one.sort == "state")) if isinstance(layout, Pool) else 0.0


def _judged(run: Run, given: Settings, stage: Stage, needed: Interval) -> Verdict:
    """Say whether the cache holds one sequence, and whether what lies beside the budget has room beside it.

    Graphs are captured once the profile's peak is free again, of which fragments may stay.
    """
    found = verdict(stage.available, needed)
    graphs_beside = (
        next(part.bytes for part in stage.parts if part.name == "cuda_graph" and not part.budgeted)
        if any(part.name == "cuda_graph" and not part.budgeted for part in stage.parts)
        else None
    )
    if found == "fits" and graphs_beside is not None and run.accelerator is not None:
        spare = run.total * (1 - given.share)
        peak = next(part.bytes for part in stage.parts if part.name == "activation")
        context = context_bytes()
        free = Interval(
            spare + peak.low / 2 - context.high, spare + peak.estimate - context.estimate, spare + peak.high - context.low
        )
        return verdict(free, graphs_beside) if graphs_beside.high else found
    return found


def _longest(layout: Pool | PackedPool, available: float, run: Run, given: Settings, ways: Behaviour) -> int:
    """Return the longest sequence that surely starts, at most the model's own; 0: none. By bisection, as the engine does."""
    low, high = 0, run.architecture.max_context or given.context or 2**24
    while low < high:
        middle = (low + high + 1) // 2
        if layout.needed(middle, given, ways) <= available:
            low = middle
        else:
            high = middle - 1
    return low


def _assumptions(run: Run) -> tuple[Assumption, ...]:
    return tuple(Assumption(name, how, "derived from the model's facts") for name, how in run.architecture.assumed.items())
