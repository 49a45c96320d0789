"""IR 1, the Stack: WHAT runs in one environment, complete. Every reference resolved, every default filled, every address known.

Each node carries `at`, its path in the merged document. Collections are keyed by the names of the spec. Sizes are in bytes and
tokens, times in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.facts import Accelerator, Instance, ModelFacts
from stackspec.ir.path import Path
from stackspec.ir.record import record

ClusterKind = Literal["kubernetes", "compose", "process"]
Task = Literal["generate", "embed", "rerank", "classify"]
RoleName = Literal["serve", "prefill", "decode"]
Scalar = str | int | float | bool
Json = None | str | int | float | bool | list["Json"] | dict[str, "Json"]


@record
class Address:
    """Where one part reaches another; `path` is the base of its protocol, such as `/v1`."""

    host: str
    port: int
    scheme: str = "http"
    path: str = ""

    @property
    def url(self) -> str:
        """The address as a URL."""
        return f"{self.scheme}://{self.host}:{self.port}{self.path}"


@record
class Secret:
    """A secret by reference: `name` in its kind's own store, `key` inside it where it has several."""

    id: str
    kind: Literal["kubernetes", "external", "env", "file", "pulumi"]
    name: str
    key: str | None
    store: str | None
    path: str | None
    at: Path


@record
class SecretUse:
    """One use of a secret; `key` is the key to read, None where the secret is a single value."""

    secret: Secret
    key: str | None
    at: Path


EnvValue = str | SecretUse


@record
class Sharing:
    """How models share an accelerator of a pool; `ways` is the number of replicas or clients, 1 under MIG."""

    kind: Literal["none", "mig", "time_slicing", "mps"]
    ways: int = 1
    slices: Mapping[str, int] = {}


@record
class Fabric:
    """The network between the nodes of a pool."""

    kind: str
    resource: str | None
    interface: str | None
    hca: str | None


@record
class Pool:
    """A group of equal nodes. `cpu` in CPUs, `memory` and `disk` in bytes; None: nobody says. No accelerator: a CPU pool."""

    name: str
    at: Path
    accelerator: Accelerator | None
    gpus_per_node: int
    instance: Instance | None
    nodes_min: int
    nodes_max: int
    cpu: float | None
    memory: int | None
    disk: int | None
    spot: bool
    sharing: Sharing
    fabric: Fabric | None
    driver: str | None
    reservation: str | None


@record
class ModelCache:
    """Where weights are kept; `bandwidth` in bytes a second."""

    kind: Literal["pvc", "node", "none"]
    storage_class: str | None = None
    size: int | None = None
    access_mode: str | None = None
    bandwidth: int | None = None
    claim: str | None = None
    path: str | None = None
    at: Path = ()


@record
class Cluster:
    """Where the stack runs."""

    kind: ClusterKind
    provider: str | None
    create: bool
    region: str | None
    kubernetes_version: str | None
    namespace: str
    serving: str
    model_cache: ModelCache
    at: Path = ("cluster",)


@record
class Engine:
    """One pinned release of an engine; `pinned` tells whether the spec wrote the version."""

    name: str
    kind: str
    version: str
    pinned: bool
    image: str | None
    args: Mapping[str, Json]
    env: Mapping[str, EnvValue]
    at: Path


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
class Interval:
    """A number as (low, estimate, high)."""

    low: float
    estimate: float
    high: float


@record
class Assumption:
    """Something an estimate rests on."""

    name: str
    value: str
    source: str


@record
class Estimate:
    """What sizing computed once for one replica: seconds until it serves, and `budget`, how long a probe waits for that."""

    startup: Interval
    assumptions: tuple[Assumption, ...] = ()
    budget: float = 600.0
    budget_written: bool = False


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
    """Speculative decoding."""

    method: str
    model: ModelSource | None
    tokens: int | None
    at: Path


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


@record
class Backend:
    """Where a route sends requests: a model, one of its adapters, or a graph."""

    kind: Literal["model", "adapter", "graph"]
    name: str
    model: str
    adapter: str | None
    weight: int
    at: Path


@record
class RouteRule:
    """Requests with these headers go elsewhere."""

    headers: Mapping[str, str]
    backends: tuple[Backend, ...]
    at: Path


@record
class HealthCheck:
    """How a gateway finds out that a backend is gone."""

    path: str
    interval: float
    timeout: float | None
    unhealthy_after: int
    healthy_after: int | None


@record
class Timeouts:
    """How long a route waits; None: the gateway's default."""

    connect: float | None
    request: float | None
    idle: float | None


@record
class Retries:
    """Which failures are tried again."""

    attempts: int
    retry_on: tuple[str | int, ...]


@record
class CircuitBreaker:
    """When requests are refused at once."""

    max_requests: int | None
    max_pending: int | None


@record
class OutlierDetection:
    """When a failing replica is left out."""

    consecutive_errors: int
    ejection_time: float


@record
class Validation:
    """What a request may ask."""

    max_body: int | None = None
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    max_messages: int | None = None
    max_temperature: float | None = None


@record
class ContentSafety:
    """A guard model in front of a route."""

    model: str
    block: tuple[str, ...]
    direction: Literal["input", "output", "both"]
    at: Path


@record
class Route:
    """One `model` name that clients send. `longest_answer` is in tokens, None: nothing bounds it."""

    name: str
    at: Path
    rules: tuple[RouteRule, ...]
    backends: tuple[Backend, ...]
    fallback: tuple[Backend, ...]
    load_balancing: str
    health_check: HealthCheck | None
    timeouts: Timeouts
    retries: Retries | None
    circuit_breaker: CircuitBreaker | None
    outlier_detection: OutlierDetection | None
    validation: Validation
    content_safety: ContentSafety | None
    longest_answer: int | None


@record
class Window:
    """At most `amount` in each `unit`."""

    unit: Literal["second", "minute", "hour", "day", "month"]
    amount: int


@record
class Limits:
    """Rate limits; empty tuples: none."""

    requests: tuple[Window, ...] = ()
    tokens: tuple[Window, ...] = ()
    charge: Literal["before", "after"] | None = None
    scope: Literal["replica", "gateway"] | None = None


@record
class Consumer:
    """One caller; `routes` None: all of them."""

    name: str
    limits: Limits | None
    routes: tuple[str, ...] | None
    at: Path


@record
class Auth:
    """Who may call."""

    kind: Literal["api_key", "jwt", "none"]
    secret: SecretUse | None
    issuer: str | None
    audience: str | None
    jwks_url: str | None


@record
class Hop:
    """A hop in front of the gateway, nearest the client first."""

    name: str
    idle_timeout: float | None
    request_timeout: float | None
    buffering: bool
    at: Path


@record
class Gateway:
    """The application gateway; `address` is where the rest of the stack reaches it."""

    kind: str
    version: str | None
    edition: str
    image: str | None
    pool: Pool | None
    replicas: int
    hosts: tuple[str, ...]
    port: int
    tls: SecretUse | None
    hops: tuple[Hop, ...]
    auth: Auth
    limits: Limits
    consumers: Mapping[str, Consumer]
    routes: Mapping[str, Route]
    address: Address
    args: Mapping[str, Json]
    at: Path = ("gateway",)


@record
class Store:
    """A vector store, ours to run or somebody else's (`url`)."""

    kind: str
    version: str | None
    pool: Pool | None
    replicas: int
    storage: int | None
    url: str | None
    secret: SecretUse | None
    address: Address | None
    at: Path


@record
class Retrieval:
    """One searchable corpus; `dimensions` None: nobody here knows the embedding model's width."""

    name: str
    at: Path
    framework: str | None
    store: Store
    source: str | None
    documents: int | None
    document_tokens: int | None
    chunk_tokens: int | None
    chunk_overlap: int
    embed_model: str | None
    dimensions: int | None
    distance: str
    mode: Literal["vector", "keyword", "hybrid"]
    sparse: str | None
    fusion: str | None
    top_k: int
    rerank_model: str | None
    rerank_top_k: int | None


@record
class Sandbox:
    """What a tool may use and reach; `egress` None: everything, empty: nothing."""

    runtime_class: str | None = None
    cpu: float | None = None
    memory: int | None = None
    timeout: float | None = None
    egress: tuple[str, ...] | None = None


@record
class Function:
    """One function of a tool, with the JSON Schemas of its arguments and its result."""

    name: str
    description: str | None
    input_schema: Mapping[str, Json]
    output_schema: Mapping[str, Json]
    approval: str
    max_output_tokens: int | None
    at: Path


@record
class Tool:
    """One MCP server: ours to run (`image`) or somebody else's."""

    name: str
    at: Path
    image: str | None
    url: str | None
    address: Address | None
    port: int
    path: str
    pool: Pool | None
    replicas: int
    command: tuple[str, ...] | None
    env: Mapping[str, EnvValue]
    sandbox: Sandbox
    functions: Mapping[str, Function]


@record
class Caller:
    """What an agent, team or app calls: a route through the gateway, or a model."""

    route: str | None
    model: str | None
    address: Address
    served_name: str
    key: SecretUse | None


@record
class Strategy:
    """How an agent thinks."""

    kind: str
    stream: bool | None
    branches: int | None
    depth: int | None


@record
class Memory:
    """What an agent remembers; `ttl` in seconds."""

    kind: Literal["sqlite", "postgres", "none"]
    secret: SecretUse | None
    ttl: float | None


@record
class AgentLimits:
    """When an agent must stop."""

    steps: int | None = None
    tokens: int | None = None
    deadline: float | None = None
    context_tokens: int | None = None


@record
class Agent:
    """One agent; `tools` names functions as `tool.function`."""

    name: str
    at: Path
    framework: str
    image: str | None
    port: int
    pool: Pool | None
    replicas: int
    env: Mapping[str, EnvValue]
    strategy: Strategy
    caller: Caller | None
    system_prompt: str | None
    description: str | None
    role: str | None
    goal: str | None
    backstory: str | None
    tools: tuple[str, ...]
    retrieval: tuple[str, ...]
    delegates_to: tuple[str, ...]
    memory: Memory
    limits: AgentLimits
    address: Address | None


@record
class TeamTask:
    """One task of a team."""

    name: str
    agent: str
    description: str | None
    expects: str | None
    after: tuple[str, ...]
    attempts: int
    at: Path


@record
class Team:
    """Agents that work together."""

    name: str
    at: Path
    framework: str
    image: str | None
    port: int
    pool: Pool | None
    replicas: int
    env: Mapping[str, EnvValue]
    members: tuple[str, ...]
    tasks: Mapping[str, TeamTask]
    minimize: str | None
    token_budget: int | None
    address: Address | None


@record
class App:
    """What is neither model, agent nor tool."""

    name: str
    at: Path
    image: str
    port: int | None
    pool: Pool | None
    replicas: int
    command: tuple[str, ...] | None
    env: Mapping[str, EnvValue]
    caller: Caller | None
    address: Address | None


@record
class GraphStep:
    """One step of an inference graph."""

    name: str
    model: str
    after: tuple[str, ...]
    at: Path


@record
class Graph:
    """An inference graph."""

    name: str
    steps: Mapping[str, GraphStep]
    at: Path


@record
class Observability:
    """Metrics, traces, dashboards and alerts; None: not wanted."""

    metrics: str | None = None
    scrape_interval: float = 15.0
    tracing: str | None = None
    tracing_endpoint: str | None = None
    sample_ratio: float = 1.0
    dashboards: str | None = None
    alerts_from_slo: bool = False
    receiver: str | None = None


@record
class Chart:
    """One third-party Helm release; `pinned` tells whether the spec wrote the version."""

    name: str
    version: str | None
    pinned: bool
    install: bool
    namespace: str | None
    values: Mapping[str, Json]
    at: Path


@record
class Patch:
    """A change to emitted objects."""

    kind: str
    name: str | None
    patch: Mapping[str, Json]
    at: Path


@record
class Stack:
    """One stack in one environment; `environment` is None where the spec has no environments. `targets` are sorted.

    `used` maps a kind of reference (pool, secret, …) to the names that anything refers to.
    """

    name: str
    environment: str | None
    description: str | None
    owner: str | None
    pinning_required: bool
    cluster: Cluster
    pools: Mapping[str, Pool]
    engines: Mapping[str, Engine]
    models: Mapping[str, Model]
    graphs: Mapping[str, Graph]
    gateway: Gateway | None
    retrieval: Mapping[str, Retrieval]
    tools: Mapping[str, Tool]
    agents: Mapping[str, Agent]
    teams: Mapping[str, Team]
    apps: Mapping[str, App]
    observability: Observability
    secrets: Mapping[str, Secret]
    charts: Mapping[str, Chart]
    mirrors: Mapping[str, str]
    image_pull_secrets: tuple[str, ...]
    patches: tuple[Patch, ...]
    targets: tuple[str, ...]
    used: Mapping[str, frozenset[str]] = {}
