"""How the replicas of a model run: what a model and each of its roles may say."""

from __future__ import annotations

from typing import Annotated, Literal

from stackspec.spec.base import Section
from stackspec.spec.secrets import EnvValue
from stackspec.spec.types import (
    BY_SHAPE,
    MAPPING,
    SCALAR,
    AutoDuration,
    Bytes,
    Context,
    Count,
    Cpu,
    Duration,
    EngineRef,
    EnvName,
    FlagName,
    Json,
    Number,
    OffloadKind,
    PoolRef,
    Port,
    Positive,
    Ratio,
    SmallAmount,
    Text,
    TransferKind,
    WorkloadRef,
)


class Parallelism(Section):
    """How one replica is split over accelerators; the product of the sizes is what it needs."""

    tensor: Number = 1
    """Ranks that share each layer."""
    pipeline: Number = 1
    """Stages that layers are spread over."""
    data: Number = 1
    """Ranks that each hold the attention weights and serve their own requests."""
    data_local: Number | None = None
    """Data-parallel ranks on one node; default: as many as fit."""
    expert: bool = False
    """Spread the experts of a mixture-of-experts model over all ranks."""


class MetricQuery(Section):
    """A scaling signal in PromQL."""

    query: Text
    """Query whose value is compared with `target`."""


class Autoscale(Section):
    """Scale between `min` and `max` replicas on a metric."""

    min: SmallAmount = 1
    """Fewest replicas."""
    max: Number | None = None
    """Most replicas."""
    metric: Annotated[
        Annotated[Literal["queue_depth", "running_requests", "kv_cache_usage", "ttft", "tpot", "requests_per_second"], SCALAR]
        | Annotated[MetricQuery, MAPPING],
        BY_SHAPE,
    ] = "queue_depth"
    """Signal of the engine or of the gateway, or `{query: …}` in PromQL."""
    target: Positive | None = None
    """Value of the metric per replica that scaling aims at."""
    cooldown: Duration | None = None
    """How long the signal must be quiet before scaling down."""
    owner: Literal["stackspec", "external"] = "stackspec"
    """`external`: something else scales it; replicas are left out and no scaler is emitted."""


class Warm(Section):
    """What is made ready before it is needed."""

    preload: list[Literal["image", "weights"]] = []
    """Fetched to every node of the pool in advance."""
    spare_replicas: SmallAmount = 0
    """Low-priority placeholders that hold capacity for the next replica."""


class Speculative(Section):
    """Speculative decoding."""

    method: Literal["draft_model", "eagle", "eagle3", "mtp", "ngram", "suffix"]
    """How drafts are made; other methods of the pinned release pass through `args`."""
    model: str | None = None
    """Draft model, for `draft_model`, `eagle` and `eagle3`."""
    tokens: Count | None = None
    """Tokens drafted at a time."""


class CpuAllotment(Section):
    """CPUs requested and allowed."""

    request: Cpu | None = None
    """Reserved CPUs."""
    limit: Cpu | None = None
    """Most CPUs; above the request they are overcommitted."""


class MemoryAllotment(Section):
    """Memory requested and allowed."""

    request: Bytes | None = None
    """Reserved memory."""
    limit: Bytes | None = None
    """Most memory; above the request it is overcommitted."""


class Resources(Section):
    """Host resources of one replica's process."""

    cpu: Annotated[Annotated[Cpu, SCALAR] | Annotated[CpuAllotment, MAPPING], BY_SHAPE] | None = None
    """CPUs, or `{request, limit}`."""
    memory: Annotated[Annotated[Bytes, SCALAR] | Annotated[MemoryAllotment, MAPPING], BY_SHAPE] | None = None
    """Memory, or `{request, limit}`."""
    shared_memory: Bytes | None = None
    """Size of `/dev/shm`; derived by default."""


class Placement(Section):
    """Where replicas stand."""

    near: list[WorkloadRef] = []
    """Entries to be placed close to."""
    spread: Literal["zone", "node", "none"] | None = None
    """What replicas are spread over."""


class Rollout(Section):
    """How a new version replaces the old one."""

    kind: Literal["auto", "recreate", "rolling"] = "auto"
    """`auto`: chosen from the spare accelerators of the pool."""
    surge: SmallAmount | None = None
    """Replicas above the wanted number while rolling."""
    unavailable: SmallAmount | None = None
    """Replicas below the wanted number while rolling."""


class Health(Section):
    """Probes; `auto` derives them from the estimates."""

    startup: AutoDuration = "auto"
    """How long a replica may take to load."""
    liveness_timeout: AutoDuration = "auto"
    """How long a health answer may take."""


class Drain(Section):
    """How a replica leaves."""

    delay: AutoDuration = "auto"
    """Wait before the engine is told to stop, so that load balancers forget it."""
    timeout: AutoDuration = "auto"
    """How long running answers may take to finish."""


class KvOffload(Section):
    """Where cold parts of the KV cache go."""

    kind: OffloadKind
    """Where to: cpu, lmcache."""
    size: Bytes | None = None
    """Room for it."""


class Transfer(Section):
    """How the KV cache travels from prefill to decode."""

    kind: TransferKind
    """Connector: nixl, mooncake, lmcache."""


class Launchable(Section):
    """What a model and each role of a disaggregated model may say."""

    engine: EngineRef | None = None
    """Entry of `engines` that serves it; default: the only one, else vllm."""
    pool: PoolRef | None = None
    """Pool that it runs on; may be left out where there is only one."""
    slice: str | None = None
    """MIG profile of a pool with `sharing: {kind: mig}`."""
    parallelism: Parallelism | None = None
    """How one replica is split over accelerators."""
    replicas: Number | None = None
    """Fixed number of replicas; or `autoscale`, never both."""
    autoscale: Autoscale | None = None
    """Scaling between bounds."""
    quantization: str | None = None
    """Quantization method of the engine; default: what the checkpoint says."""
    dtype: Literal["auto", "bfloat16", "float16", "float32", "half", "float"] | None = None
    """Type of the weights in memory."""
    kv_cache_dtype: str | None = None
    """Type of the KV cache."""
    context_length: Context | None = None
    """Longest sequence, prompt and answer together; `auto`: what the memory holds; default: the model's own."""
    gpu_memory_utilization: Ratio | None = None
    """Share of the accelerator's total memory; or `gpu_memory`, never both."""
    gpu_memory: Bytes | None = None
    """Memory of the accelerator to use."""
    kv_offload: KvOffload | None = None
    """Where cold parts of the KV cache go."""
    speculative: Speculative | None = None
    """Speculative decoding."""
    resources: Resources | None = None
    """Host resources of one replica."""
    placement: Placement | None = None
    """Where replicas stand."""
    warm: Warm | None = None
    """What is made ready in advance."""
    rollout: Rollout | None = None
    """How a new version replaces the old one."""
    health: Health | None = None
    """Probes."""
    drain: Drain | None = None
    """How a replica leaves."""
    port: Port | None = None
    """Port that the engine listens on; default 8000."""
    args: dict[FlagName, Json] = {}
    """Flags of exactly the pinned release; one that has a key of its own is refused."""
    env: dict[EnvName, EnvValue] = {}
    """Environment variables of the engine."""


class Role(Launchable):
    """One role of a disaggregated model: inherits the model and overrides what it says."""


class Disaggregation(Section):
    """Prefill and decode on engines of their own."""

    transfer: Transfer
    """How the KV cache travels."""
    prefill: Role | None = None
    """Engines that read prompts."""
    decode: Role | None = None
    """Engines that write answers."""
