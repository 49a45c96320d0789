"""One group of the Stack, and the launch that its engine gets, as the run that the memory model judges."""

from __future__ import annotations

from stackspec.checkpoints.architecture import architecture
from stackspec.engines.vllm.memory import Run
from stackspec.engines.vllm.memory import fit as judged
from stackspec.ir.architecture import Architecture
from stackspec.ir.fit import Fit
from stackspec.ir.performance import Performance
from stackspec.ir.record import replace
from stackspec.ir.stack import Flag, Group, Json, Launch, Model, Product, ProjectFile, Runtime


def fit(model: Model, group: Group, launch: Launch) -> Fit:
    """Return whether one replica starts; facts that nobody supplied are named as a reader of the spec would supply them."""
    missing = [] if model.facts else ["model facts"]
    total = memory(group)
    if total is None:
        gpu = group.pool.accelerator
        missing.append(f"cluster.accelerators.{gpu.name}.memory" if gpu else f"cluster.pools.{group.pool.name}.memory")
    found = run(model, group, launch)
    if found is None:
        return Fit("unknown", missing=tuple(missing), total=total or 0)
    made = _with_longest(found) if group.context_auto else judged(found)
    unknown = _unknown_draft(group)
    if unknown is None or made.verdict in ("unknown", "does-not-fit"):
        return made
    return replace(made, verdict="unknown", missing=(f"facts of the draft `{unknown}`",))


def _with_longest(found: Run) -> Fit:
    """Return the answer for the longest context that surely starts, which is what the engine looks for."""
    whole = judged(replace(found, options={name: value for name, value in found.options.items() if name != "max_model_len"}))
    return judged(replace(found, options={**found.options, "max_model_len": whole.max_context})) if whole.max_context else whole


def _unknown_draft(group: Group) -> str | None:
    """Return a draft model of its own that nobody knows: how much it takes cannot be told."""
    asked = group.speculative
    return asked.model.location if asked and asked.model and asked.facts is None else None


def performance(model: Model, group: Group, launch: Launch) -> Performance:
    """Return how fast all replicas of a group answer, with the limits of one step that its launch gives."""
    from stackspec.engines.vllm.memory.behaviour import behaviour
    from stackspec.engines.vllm.memory.settings import settings
    from stackspec.engines.vllm.memory.weights import typed
    from stackspec.sizing.objectives import group_performance

    found = run(model, group, launch)
    if found is None:
        return Performance("unknown", missing=("model facts",) if model.facts is None else ("accelerator memory",))
    given = settings(found, behaviour(found.release))
    made = typed(found.architecture, str(found.options.get("dtype", "auto")), str(found.options.get("quantization", "")))
    eager = found.options.get("enforce_eager") is True
    return group_performance(model, group, made, sequences=given.sequences, batch=given.batched, eager=eager)


def cache_on_cpu(model: Model, group: Group, flags: tuple[Flag, ...]) -> int | None:
    """Return the bytes of cache for a replica on CPUs: some requests of the whole context, or what there is; None: nobody can tell."""
    found = _run(model, group, flags)
    fit = judged(found) if found is not None else None
    if fit is None or fit.verdict == "unknown" or fit.kv_available.low < _LEAST:
        return None
    return int(max(_LEAST, min(fit.kv_available.low, _REQUESTS * fit.kv_needed.high)) // _LEAST * _LEAST)


_REQUESTS = 4
"""Room on CPUs for so many requests of the whole context: a choice, small enough that several models share a machine."""
_LEAST = 64 * 2**20
"""Bytes that a cache on CPUs has at least, and is a multiple of: models without one would otherwise be given most of the machine."""


def run(model: Model, group: Group, launch: Launch) -> Run | None:
    """Return one replica's start; None where nobody knows the model or the memory that it has."""
    return _run(model, group, launch.flags)


def _run(model: Model, group: Group, flags: tuple[Flag, ...]) -> Run | None:
    total = memory(group)
    if model.facts is None or total is None:
        return None
    return Run(
        release=group.engine.version, architecture=architecture(model.facts), total=total, accelerator=group.pool.accelerator,
        parallelism=group.parallelism, nodes=group.nodes, options=options(flags), draft=_draft(group),
    )  # fmt: skip


def memory(group: Group) -> int | None:
    """Return the bytes of one accelerator, or of its slice; on a CPU pool what one replica may use of its node."""
    gpu = group.pool.accelerator
    if gpu is None:
        asked = group.resources
        return asked.memory_limit or asked.memory_request or group.pool.memory
    if group.pool.sharing.kind == "mig":
        profile = gpu.mig.get(group.slice or "")
        return profile.memory if profile else None
    return gpu.memory or None


def options(flags: tuple[Flag, ...]) -> dict[str, Json]:
    """Return the flags of a launch by canonical name; values that exist only at run time decide no memory."""
    return {flag.name: flag.value for flag in flags if not isinstance(flag.value, Runtime | Product | ProjectFile)}


def _draft(group: Group) -> Architecture | None:
    facts = group.speculative.facts if group.speculative else None
    return architecture(facts) if facts else None
