"""`models`: one entry is one served model, run here or endpoint of somebody else."""

from __future__ import annotations

from typing import Annotated, Literal

from stackspec.spec.base import Entry, Section
from stackspec.spec.cluster import ModelCache
from stackspec.spec.secrets import EnvValue, SecretUse
from stackspec.spec.types import (
    BY_SHAPE,
    MAPPING,
    SCALAR,
    AutoDuration,
    Bytes,
    Count,
    Cpu,
    Duration,
    EndpointKind,
    EngineRef,
    EnvName,
    FileRef,
    FlagName,
    Json,
    ModelRef,
    Name,
    Number,
    OffloadKind,
    PoolRef,
    Port,
    Positive,
    Ratio,
    RouteName,
    ServingMode,
    Share,
    SmallAmount,
    Temperature,
    Text,
    Tokens,
    TransferKind,
    WorkloadRef,
)


class Endpoint(Section):
    """A model that somebody else runs."""

    kind: EndpointKind
    """Protocol of the endpoint: openai."""
    url: str
    """Base URL, such as `https://llm.example.com/v1`."""
    model: str
    """Name by which the endpoint knows the model."""
    token: SecretUse | None = None
    """Secret that authorises the calls."""


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


class ToolCalling(Section):
    """Tool calling with a parser named by hand."""

    parser: str | None = None
    """Tool parser of the engine; default: the model family's."""
    chat_template: FileRef | None = None
    """Chat template that renders the tools."""


class Reasoning(Section):
    """Reasoning output with a parser named by hand."""

    parser: str | None = None
    """Reasoning parser of the engine; default: the model family's."""


class StructuredOutput(Section):
    """Structured output with a backend named by hand."""

    backend: str
    """Grammar backend of the engine."""


class Features(Section):
    """What the served model is asked to do."""

    tool_calling: Annotated[Annotated[bool | Literal["auto"], SCALAR] | Annotated[ToolCalling, MAPPING], BY_SHAPE] = "auto"
    """Tool calls; `auto`: on when an agent with tools reaches the model."""
    reasoning: Annotated[Annotated[bool | Literal["auto"], SCALAR] | Annotated[Reasoning, MAPPING], BY_SHAPE] = "auto"
    """Separate reasoning output; `false` also turns thinking off where the family has a switch."""
    prefix_caching: bool | None = None
    """Reuse the cache of equal prompt prefixes; default: the engine's."""
    structured_output: Annotated[Annotated[Literal["auto"], SCALAR] | Annotated[StructuredOutput, MAPPING], BY_SHAPE] = "auto"
    """Grammar backend for structured output."""


class Sampling(Section):
    """Sampling defaults, for requests that do not say."""

    temperature: Temperature | None = None
    """Randomness; 0 is greedy."""
    top_p: Ratio | None = None
    """Nucleus: smallest set of tokens whose probability reaches this."""
    top_k: int | None = None
    """Number of candidates; -1 or 0: all."""
    min_p: Share | None = None
    """Least probability relative to the likeliest token."""
    repetition_penalty: Positive | None = None
    """Above 1 discourages repetition."""
    max_tokens: Count | None = None
    """Longest answer."""


class Traffic(Section):
    """The load that the model is meant for."""

    requests_per_second: Positive
    """Requests a second over all replicas."""
    input_tokens: Count | None = None
    """Tokens of a typical prompt."""
    output_tokens: Count | None = None
    """Tokens of a typical answer."""


class Percentiles(Section):
    """Upper bounds by percentile."""

    p50: Duration | None = None
    """Half of the requests."""
    p90: Duration | None = None
    """Nine of ten."""
    p95: Duration | None = None
    """Nineteen of twenty."""
    p99: Duration | None = None
    """Ninety-nine of a hundred."""


class Slo(Section):
    """Service-level objectives of a model."""

    ttft: Percentiles | None = None
    """Time to first token."""
    tpot: Percentiles | None = None
    """Time per output token after the first."""
    e2e: Percentiles | None = None
    """Time of the whole answer."""


class Adapter(Section):
    """One LoRA adapter, referenced as `model/adapter`."""

    model: str
    """Source of the adapter's weights, pinned like a model."""
    rank: Count | None = None
    """Rank of the adapter."""


class Lora(Section):
    """Room that the engine reserves for LoRA adapters."""

    max_loras: Count | None = None
    """Adapters in one batch."""
    max_rank: Count | None = None
    """Highest rank; default: the highest of the adapters."""
    max_cpu_loras: Count | None = None
    """Adapters kept in host memory."""


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


class Reviewed(Section):
    """A risk that somebody has taken with open eyes."""

    reason: Annotated[Text, "reason"]
    """Why it is acceptable, and who looked."""


class Routing(Section):
    """Between the replicas of one model, where no gateway does it."""

    policy: Literal["round_robin", "least_request", "prefix_aware", "session"]
    """How a replica is chosen."""
    session_header: str | None = None
    """Header that keeps a session on one replica."""


class Transfer(Section):
    """How the KV cache travels from prefill to decode."""

    kind: TransferKind
    """Connector: nixl, mooncake, lmcache."""


class Embedding(Section):
    """Vectors of an embedding model, where the catalog or the endpoint does not say."""

    dimensions: Count
    """Length of a full vector."""
    min_dimensions: Count | None = None
    """Shortest length it can be cut to."""


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
    context_length: Tokens | None = None
    """Longest sequence, prompt and answer together; default: the model's own."""
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


class Model(Entry, Launchable):
    """One served model."""

    model: str | None = None
    """Source, pinned: `[hf://]org/name[@revision]`, `s3://…`, `oci://…@sha256:…`, `pvc://claim/path`, `file:///path`."""
    endpoint: Endpoint | None = None
    """A model that somebody else runs; exactly one of `model` and `endpoint`."""
    task: Literal["generate", "embed", "rerank", "classify"] = "generate"
    """What it is for."""
    serving: ServingMode | None = None
    """What owns its pods; default: the cluster's."""
    served_names: list[RouteName] | None = None
    """Names that the engine answers to; default: the entry's name."""
    token: SecretUse | None = None
    """Secret that unlocks gated weights."""
    tokenizer: str | None = None
    """Source of the tokenizer; default: the model's own, at its revision."""
    code_revision: str | None = None
    """Revision of remote code, where `trust_remote_code` is set."""
    trust_remote_code: Reviewed | None = None
    """Run code that comes with the model, and why that is acceptable."""
    chat_template: FileRef | None = None
    """Chat template file; default: the model's own."""
    facts: str | None = None
    """Model whose configuration these weights have, for weights on a claim or in a bucket."""
    features: Features | None = None
    """What the served model is asked to do."""
    sampling: Sampling | None = None
    """Sampling defaults."""
    embedding: Embedding | None = None
    """Vectors of an embedding model."""
    adapters: dict[Name, Adapter] = {}
    """LoRA adapters, referenced as `model/adapter`."""
    lora: Lora | None = None
    """Room for adapters."""
    disaggregation: Disaggregation | None = None
    """Prefill and decode on engines of their own."""
    cache: ModelCache | None = None
    """Where its weights are kept; default: `cluster.model_cache`."""
    routing: Routing | None = None
    """Between replicas, where no gateway does it."""
    traffic: Traffic | None = None
    """The load that it is meant for."""
    slo: Slo | None = None
    """Service-level objectives."""


class Step(Section):
    """One step of an inference graph."""

    model: ModelRef
    """Model that answers."""
    after: list[str] = []
    """Steps that come first."""


class Graph(Entry):
    """An inference graph: models that answer one after another."""

    steps: dict[Name, Step]
    """Steps by name."""
