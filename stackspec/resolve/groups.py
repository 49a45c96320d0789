"""One group of equal replicas: pool, engine, parallelism, scale, memory share, resources, rollout, drain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackspec import catalog, mirrors, units
from stackspec.catalog.releases import numbers
from stackspec.checkpoints.architecture import architecture
from stackspec.checkpoints.weights import weights
from stackspec.ir.path import Path
from stackspec.ir.record import replace
from stackspec.ir.stack import (
    Autoscale,
    Drain,
    Engine,
    Estimate,
    Fixed,
    Group,
    Launch,
    Model,
    Parallelism,
    Placement,
    Pool,
    Resources,
    RoleName,
    Rollout,
    Speculative,
    Warm,
)  # fmt: skip
from stackspec.resolve.convert import amount, context, cpus, environment, seconds, source
from stackspec.sizing.host import Hosted, disk, host_memory
from stackspec.sizing.shared_memory import shared_memory
from stackspec.sizing.startup import Start, budget, startup
from stackspec.spec.base import Section, written

if TYPE_CHECKING:
    from stackspec.resolve.models import Around

NO_LAUNCH = Launch(engine="", version="", image="", entrypoint=(), positional=(), flags=(), env={}, port=8000, probes=None)
"""The launch of a group whose engine is not installed."""
DEFAULT_PORT = 8000
_SAFE_SHARE = 0.92
"""Share of an accelerator's memory that replicas sharing it may take together."""
_DRAIN = 300.0
"""Seconds to finish where nothing bounds an answer."""


def overlay(base: Any, patch: Any) -> Any:
    """Return a section with another one's written words over it: mappings merge, everything else is replaced."""
    if patch is None:
        return base
    result: Any = object.__new__(base.__class__)
    state: dict[str, Any] = dict(base.__dict__)
    for name in written(patch):
        old, new = state.get(name), patch.__dict__[name]
        if isinstance(old, Section) and isinstance(new, Section) and type(old) is type(new):
            state[name] = overlay(old, new)
        elif isinstance(old, dict) and isinstance(new, dict):
            state[name] = {**old, **new}
        else:
            state[name] = new
    if "replicas" in written(patch):
        state["autoscale"] = None if "autoscale" not in written(patch) else state["autoscale"]
    elif "autoscale" in written(patch):
        state["replicas"] = None
    object.__setattr__(result, "__dict__", state)
    object.__setattr__(result, "__pydantic_fields_set__", set(written(base) | written(patch)))
    return result


def group(role: RoleName, spec: Any, at: Path, model: Model, whole: Any, around: Around) -> Group:
    """Return one group of a model; `spec` is the model with the role's words over it, `whole` the model itself."""
    pool = _pool(spec, around)
    engine = _engine(spec, around)
    split = parallelism(spec.parallelism)
    nodes, gpus = span(split, pool)
    dtype = spec.quantization or (model.facts.quantization or model.facts.dtype if model.facts else None)
    scale = scaling(spec)
    return Group(
        role=role, at=at, engine=engine, pool=pool, slice=spec.slice, parallelism=split, nodes=nodes, gpus=gpus, scale=scale,
        quantization=spec.quantization, dtype=spec.dtype, kv_cache_dtype=spec.kv_cache_dtype, context=context(spec.context_length),
        memory_share=_memory_share(spec, pool), kv_offload=_offload(spec.kv_offload), speculative=_speculative(spec, at, around),
        resources=_resources(spec.resources), placement=_placement(spec.placement), warm=_warm(spec.warm),
        rollout=_rollout(spec, scale, pool, around), drain=_drain(spec, model, around),
        liveness_timeout=_auto(spec.health.liveness_timeout if spec.health else "auto", 10.0),
        port=spec.port or around.address.port, args=spec.args,
        env={**_hub(around), **environment(spec.env, around.secrets, (*at, "env"))},
        estimate=_estimate(spec, model, dtype, split, _start(spec, model, engine, nodes, gpus), gpus > 0), launch=NO_LAUNCH, worker=None,
        context_auto=spec.context_length == "auto",
    )  # fmt: skip


def span(split: Parallelism, pool: Pool) -> tuple[int, int]:
    """Return how many nodes one replica spans and how many accelerators it takes on each; none on a CPU pool."""
    if pool.accelerator is None:
        return _numa_span(split, pool.numa_nodes), 0
    per_node = max(1, pool.gpus_per_node)
    if split.data_local and split.data > split.data_local:
        nodes = -(-split.data // split.data_local)
        return nodes, split.tensor * split.pipeline * split.data_local
    if split.ranks <= per_node:
        return 1, split.ranks
    nodes = -(-split.ranks // per_node)
    return nodes, -(-split.ranks // nodes)


def _numa_span(split: Parallelism, per_node: int) -> int:
    """Return how many nodes without accelerators one replica spans, with a rank on each NUMA node; one where nobody counts them."""
    if not per_node or split.ranks <= per_node:
        return 1
    if split.data_local and split.data > split.data_local:
        return -(-split.data // split.data_local)
    return -(-split.ranks // per_node)


def _hub(around: Around) -> dict[str, str]:
    endpoint = mirrors.hub_endpoint(around.mirrors)
    return {"HF_ENDPOINT": endpoint} if endpoint else {}


def _pool(spec: Any, around: Around) -> Pool:
    return around.pools[spec.pool] if spec.pool else next(iter(around.pools.values()))


def _engine(spec: Any, around: Around) -> Engine:
    if spec.engine:
        return around.engines[spec.engine]
    declared = [engine for engine in around.engines.values() if engine.at]
    return declared[0] if len(declared) == 1 else around.engines["vllm"]


def parallelism(spec: Any) -> Parallelism:
    """Return how one replica is split, as written or not at all."""
    if spec is None:
        return Parallelism()
    return Parallelism(spec.tensor, spec.pipeline, spec.data, spec.data_local, spec.expert)


def scaling(spec: Any) -> Fixed | Autoscale:
    """Return the number of replicas, fixed or between bounds."""
    scale = spec.autoscale
    if scale is None:
        return Fixed(spec.replicas or 1)
    query = None if isinstance(scale.metric, str) else scale.metric.query
    return Autoscale(
        scale.min, scale.max or max(scale.min, 1), "query" if query else scale.metric, query,
        float(scale.target) if scale.target else None, seconds(scale.cooldown), scale.owner,
    )  # fmt: skip


def _memory_share(spec: Any, pool: Pool) -> float | None:
    """Return the share of an accelerator's memory: as written, or the default of a shared accelerator, else the engine's own."""
    if pool.accelerator is None:
        return float(spec.gpu_memory_utilization) if spec.gpu_memory_utilization else None
    if spec.gpu_memory_utilization:
        return float(spec.gpu_memory_utilization)
    if spec.gpu_memory and pool.accelerator.memory:
        return int(units.amount(spec.gpu_memory) / pool.accelerator.memory * 10_000) / 10_000
    if pool.sharing.kind in ("time_slicing", "mps"):
        return int(_SAFE_SHARE / pool.sharing.ways * 100) / 100
    return None


def _offload(spec: Any) -> tuple[str, int | None] | None:
    return (spec.kind, amount(spec.size)) if spec else None


def _speculative(spec: Any, at: Path, around: Around) -> Speculative | None:
    found = spec.speculative
    if found is None:
        return None
    draft = source(found.model) if found.model else None
    if draft is None:
        return Speculative(found.method, None, found.tokens, (*at, "speculative"))
    facts = around.pinned.facts(draft) or catalog.model(draft.location)
    return Speculative(found.method, around.pinned.at_commit(draft), found.tokens, (*at, "speculative"), facts)


def _resources(spec: Any) -> Resources:
    if spec is None:
        return Resources()
    cpu, memory = spec.cpu, spec.memory
    return Resources(
        cpu_request=cpus(cpu if cpu is None or isinstance(cpu, str) else cpu.request),
        cpu_limit=cpus(cpu if cpu is None or isinstance(cpu, str) else cpu.limit),
        memory_request=amount(memory if memory is None or isinstance(memory, str) else memory.request),
        memory_limit=amount(memory if memory is None or isinstance(memory, str) else memory.limit),
        shared_memory=amount(spec.shared_memory),
    )


def _placement(spec: Any) -> Placement:
    return Placement(tuple(spec.near), spec.spread) if spec else Placement()


def _warm(spec: Any) -> Warm:
    return Warm(tuple(spec.preload), spec.spare_replicas) if spec else Warm()


def _rollout(spec: Any, scale: Fixed | Autoscale, pool: Pool, around: Around) -> Rollout:
    """Return how a new version comes: as written, else with one replica more where it fits, one less, or none for a moment."""
    asked = spec.rollout
    kind = asked.kind if asked else "auto"
    if kind == "recreate":
        return Rollout("recreate", 0, 0, derived=False)
    if kind == "rolling":
        surge = 0 if asked.surge is None else asked.surge
        return Rollout("rolling", surge, 1 if asked.unavailable is None else asked.unavailable, derived=False)
    if pool.accelerator is None or around.surge_fits:
        return Rollout("rolling", 1, 0, derived=True)
    fewest = scale.replicas if isinstance(scale, Fixed) else scale.minimum
    return Rollout("rolling", 0, 1, derived=True) if fewest > 1 else Rollout("recreate", 0, 0, derived=True)


def _drain(spec: Any, model: Model, around: Around) -> Drain:
    drain = spec.drain
    delay = _auto(drain.delay if drain else "auto", 15.0 if around.cluster.kind == "kubernetes" else 0.0)
    return Drain(delay, _auto(drain.timeout if drain else "auto", longest_answer(model, around.reached.answer)))


def longest_answer(model: Model, tokens: int | None) -> float:
    """Return the seconds of the longest allowed answer: tokens × the slowest time per token that the objectives allow.

    Without an objective nobody knows the time per token; five minutes is what most gateways give a request.
    """
    slowest = max((item for item in model.slo if item.metric == "tpot"), key=lambda item: item.percentile, default=None)
    longest = tokens or model.sampling.max_tokens or model.context
    if slowest is None or longest is None:
        return _DRAIN
    return float(-(-longest * slowest.seconds // 1))


def _start(spec: Any, model: Model, engine: Engine, nodes: int, gpus: int) -> Start:
    """Return what a start depends on, beside the bytes of the weights and the way that they come."""
    facts, source = model.facts, model.source
    made = architecture(facts) if facts else None
    words = {name.replace("-", "_"): value for name, value in {**engine.args, **spec.args}.items()}
    offload = _offload(spec.kv_offload)
    return Start(
        weights=weights(made).total() if made and not made.missing else None, cache=model.cache.kind,
        remote=source is None or source.scheme not in ("file", "pvc"), layers=len(made.layers) if made and made.layers else 32,
        release=numbers(engine.version) if engine.kind == "vllm" else None, eager=words.get("enforce_eager") is True,
        ranks=max(1, gpus), nodes=nodes, pinned=(offload[1] or 0) if offload else 0,
    )  # fmt: skip


def _hosted(spec: Any, model: Model, split: Parallelism, start: Start, size: int) -> Hosted:
    """Return what a node holds of one replica while it starts and serves."""
    made = architecture(model.facts) if model.facts else None
    asked = _resources(spec.resources).shared_memory
    return Hosted(
        weights=size // start.nodes, ranks=start.ranks, release=start.release, offload=start.pinned,
        engines=max(1, split.data // start.nodes), media=bool(made and made.towers),
        shared_memory=shared_memory(start.ranks) if asked is None else asked,
    )  # fmt: skip


def _estimate(spec: Any, model: Model, dtype: str | None, split: Parallelism, start: Start, on_gpus: bool) -> Estimate:
    parameters = model.facts.parameters if model.facts else None
    estimate = startup(parameters, dtype, model.cache.bandwidth, start)
    if start.weights and on_gpus:
        memory = host_memory(_hosted(spec, model, split, start, start.weights)).bytes
        kept = disk((start.weights,), start.ranks, fetched=start.remote).bytes
        estimate = replace(estimate, host_memory=memory, disk=kept)
    asked = spec.health.startup if spec.health else "auto"
    if asked == "auto":
        return replace(estimate, budget=budget(estimate))
    return replace(estimate, budget=units.seconds(asked), budget_written=True)


def _auto(text: str, default: float) -> float:
    return default if text == "auto" else units.seconds(text)
