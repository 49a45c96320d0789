"""The Stack's models: what is served, by which groups of equal replicas, launched how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.cluster import Address, Engine, EnvValue, Json, ModelCache, Pool, SecretUse
from stackspec.ir.facts import ModelFacts
from stackspec.ir.fit import Assumption, Fit, Interval
from stackspec.ir.path import Path
from stackspec.ir.performance import Performance
from stackspec.ir.record import record

Task = Literal["generate", "embed", "rerank", "classify"]
RoleName = Literal["serve", "prefill", "decode"]


@record
class ModelSource:
    """Where weights come from. `scheme` is hf, s3, oci, pvc, file …; `location` is what the engine is told, `revision` its pin."""

    scheme: str
    location: str
    revision: str | None
    text: str


@record
class Endpoint:
    """A model that somebody else runs."""

    kind: str
    url: str
    model: str
    token: SecretUse | None


@record
class Parallelism:
    """How one replica is split: `ranks` = tensor × pipeline × data accelerators, `data_local` data ranks on each node."""

    tensor: int = 1
    pipeline: int = 1
    data: int = 1
    data_local: int | None = None
    expert: bool = False

    @property
    def ranks(self) -> int:
        """Accelerators that one replica needs."""
        return self.tensor * self.pipeline * self.data


@record
class Fixed:
    """A fixed number of replicas."""

    replicas: int


@record
class Autoscale:
    """Replicas between bounds; `owner` external: no scaler is emitted and replicas are left out."""

    minimum: int
    maximum: int
    metric: str
    query: str | None
    target: float | None
    cooldown: float | None
    owner: Literal["stackspec", "external"]


@record
class Estimate:
    """What sizing computed once for one replica.

    `startup`: seconds until it serves, and `budget`, how long a probe waits for that. `host_memory` and `disk` are bytes of one node;
    None where nobody knows the weights, or where no accelerator holds them.
    """

    startup: Interval
    assumptions: tuple[Assumption, ...] = ()
    budget: float = 600.0
    budget_written: bool = False
    host_memory: Interval | None = None
    disk: Interval | None = None


@record
class Runtime:
    """A value that exists only once a process starts; each target spells it in its own way."""

    which: Literal["leader_address", "worker_index", "pod_ip"]


@record
class Product:
    """A run-time number: `factor` × the worker's index (such as the first data-parallel rank of a node)."""

    which: Literal["worker_index"]
    factor: int


@record
class ProjectFile:
    """A file of the project, relative to the spec; each target carries it along and spells its path in its own way."""

    source: str
    at: Path

    @property
    def name(self) -> str:
        """Its file name."""
        return self.source.rsplit("/", 1)[-1]


@record
class Flag:
    """One flag of an engine by its canonical name with underscores. A mapping or list is JSON; `at` is what asked for it."""

    name: str
    value: Json | Runtime | Product | ProjectFile
    at: Path


@record
class Probes:
    """Health of one process: `startup` is how long loading may take, `path` answers 200 when it serves."""

    path: str
    startup: float
    interval: float
    timeout: float


@record
class Launch:
    """One process of an engine as data; the engine renders it to argv, configuration file and environment.

    `entrypoint` is the program and its fixed words (`vllm serve`); `positional` what follows before the flags, such as the model.
    """

    engine: str
    version: str
    image: str
    entrypoint: tuple[str, ...]
    positional: tuple[str, ...]
    flags: tuple[Flag, ...]
    env: Mapping[str, EnvValue | Runtime]
    port: int
    probes: Probes | None


@record
class Resources:
    """Host resources of one process; None: not limited."""

    cpu_request: float | None = None
    cpu_limit: float | None = None
    memory_request: int | None = None
    memory_limit: int | None = None
    shared_memory: int | None = None


@record
class Placement:
    """Where replicas stand: near other entries, spread over zones or nodes."""

    near: tuple[str, ...] = ()
    spread: str | None = None


@record
class Warm:
    """What is made ready in advance."""

    preload: tuple[str, ...] = ()
    spare_replicas: int = 0


@record
class Rollout:
    """How a new version replaces the old one; numbers of replicas."""

    kind: Literal["recreate", "rolling"]
    surge: int
    unavailable: int
    derived: bool


@record
class Drain:
    """How a replica leaves: seconds of delay and of time to finish."""

    delay: float
    timeout: float


@record
class Speculative:
    """Speculative decoding; `facts` are those of the draft model."""

    method: str
    model: ModelSource | None
    tokens: int | None
    at: Path
    facts: ModelFacts | None = None


@record
class Group:
    """Equal replicas of one role of a model.

    `nodes` is how many nodes one replica spans and `gpus` how many accelerators it takes on each. `memory_share` is the share of
    an accelerator's memory, `context` the longest sequence in tokens (None: the model's own, which nobody here knows).
    `launch` starts the leader, `worker` each further node.
    """

    role: RoleName
    at: Path
    engine: Engine
    pool: Pool
    slice: str | None
    parallelism: Parallelism
    nodes: int
    gpus: int
    scale: Fixed | Autoscale
    quantization: str | None
    dtype: str | None
    kv_cache_dtype: str | None
    context: int | None
    memory_share: float | None
    kv_offload: tuple[str, int | None] | None
    speculative: Speculative | None
    resources: Resources
    placement: Placement
    warm: Warm
    rollout: Rollout
    drain: Drain
    liveness_timeout: float
    port: int
    args: Mapping[str, Json]
    env: Mapping[str, EnvValue]
    estimate: Estimate
    launch: Launch
    worker: Launch | None
    context_auto: bool = False
    """The engine finds the longest sequence that its memory holds."""
    fit: Fit | None = None
    """Whether a replica starts and what its ranks hold; None: the engine or its part of the catalog cannot tell."""
    performance: Performance | None = None
    """How fast all replicas answer; None: nobody asked, or the engine cannot tell."""

    @property
    def replicas_max(self) -> int:
        """Most replicas that may run at once, rollouts aside."""
        return self.scale.replicas if isinstance(self.scale, Fixed) else self.scale.maximum

    @property
    def replicas_min(self) -> int:
        """Fewest replicas that run."""
        return self.scale.replicas if isinstance(self.scale, Fixed) else self.scale.minimum


@record
class Adapter:
    """One LoRA adapter, served under `served_name`."""

    name: str
    source: ModelSource
    rank: int | None
    served_name: str
    at: Path


@record
class Lora:
    """Room for adapters; None: the engine's default."""

    max_loras: int | None
    max_rank: int | None
    max_cpu_loras: int | None


@record
class Feature:
    """One feature after `auto` is decided: `asked` is what the spec wrote, `on` what holds."""

    on: bool
    asked: Literal["auto", "on", "off"]
    parser: str | None = None
    chat_template: str | None = None
    auto: bool = True


@record
class Features:
    """What the served model is asked to do."""

    tool_calling: Feature
    reasoning: Feature
    prefix_caching: bool | None
    structured_output: str | None


@record
class Sampling:
    """Sampling defaults; None: the model's own."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None
    max_tokens: int | None = None


@record
class Traffic:
    """The load that a model is meant for."""

    requests_per_second: float
    input_tokens: int | None
    output_tokens: int | None


@record
class Objective:
    """One objective: at `percentile` the metric stays below `seconds`."""

    metric: Literal["ttft", "tpot", "e2e"]
    percentile: int
    seconds: float


@record
class Routing:
    """Between the replicas of one model."""

    policy: str
    session_header: str | None


@record
class Transfer:
    """How the KV cache travels between roles."""

    kind: str
    at: Path


@record
class Model:
    """One served model: `groups` where it runs here, `endpoint` where somebody else runs it."""

    name: str
    at: Path
    task: Task
    source: ModelSource | None
    endpoint: Endpoint | None
    facts: ModelFacts | None
    serving: str
    served_names: tuple[str, ...]
    address: Address
    context: int | None
    groups: tuple[Group, ...]
    adapters: Mapping[str, Adapter]
    lora: Lora | None
    features: Features
    sampling: Sampling
    traffic: Traffic | None
    slo: tuple[Objective, ...]
    token: SecretUse | None
    tokenizer: ModelSource | None
    chat_template: str | None
    code_revision: str | None
    remote_code_reason: str | None
    cache: ModelCache
    routing: Routing | None
    transfer: Transfer | None
    dimensions: int | None
    min_dimensions: int | None
    renamed_from: str | None
    chat_template_in_image: str | None = None
