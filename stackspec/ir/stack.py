"""IR 1, the Stack: WHAT runs in one environment, complete. Every reference resolved, every default filled, every address known.

Each node carries `at`, its path in the merged document. Collections are keyed by the names of the spec. Sizes are in bytes and
tokens, times in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.cluster import (
    Address,
    Cluster,
    ClusterKind,
    Engine,
    EnvValue,
    Fabric,
    Json,
    ModelCache,
    Pool,
    Scalar,
    Secret,
    SecretUse,
    Sharing,
)
from stackspec.ir.fit import Assumption, Fit, Interval, Part, Verdict
from stackspec.ir.gateway import (
    Auth,
    Backend,
    CircuitBreaker,
    Consumer,
    ContentSafety,
    Gateway,
    HealthCheck,
    Hop,
    Limits,
    OutlierDetection,
    Retries,
    Route,
    RouteRule,
    Timeouts,
    Validation,
    Window,
)
from stackspec.ir.models import (
    Adapter,
    Autoscale,
    Drain,
    Endpoint,
    Estimate,
    Feature,
    Features,
    Fixed,
    Flag,
    Group,
    Launch,
    Lora,
    Model,
    ModelSource,
    Objective,
    Parallelism,
    Placement,
    Probes,
    Product,
    ProjectFile,
    Resources,
    RoleName,
    Rollout,
    Routing,
    Runtime,
    Sampling,
    Speculative,
    Task,
    Traffic,
    Transfer,
    Warm,
)
from stackspec.ir.path import Path
from stackspec.ir.performance import Cost, Performance, PoolCost, Price
from stackspec.ir.record import record
from stackspec.ir.users import (
    Agent,
    AgentLimits,
    App,
    Caller,
    Function,
    Graph,
    GraphStep,
    Memory,
    Observability,
    Retrieval,
    Sandbox,
    Store,
    Strategy,
    Team,
    TeamTask,
    Tool,
)

__all__ = [
    "Adapter",
    "Address",
    "Agent",
    "AgentLimits",
    "App",
    "Assumption",
    "Auth",
    "Autoscale",
    "Backend",
    "Caller",
    "Chart",
    "CircuitBreaker",
    "Cluster",
    "ClusterKind",
    "Consumer",
    "ContentSafety",
    "Cost",
    "Drain",
    "Endpoint",
    "Engine",
    "EnvValue",
    "Estimate",
    "Fabric",
    "Feature",
    "Features",
    "Fit",
    "Fixed",
    "Flag",
    "Function",
    "Gateway",
    "Graph",
    "GraphStep",
    "Group",
    "HealthCheck",
    "Hop",
    "Interval",
    "Json",
    "Launch",
    "Limits",
    "Lora",
    "Memory",
    "Model",
    "ModelCache",
    "ModelSource",
    "Objective",
    "Observability",
    "OutlierDetection",
    "Parallelism",
    "Part",
    "Patch",
    "Performance",
    "Placement",
    "Pool",
    "PoolCost",
    "Price",
    "Probes",
    "Product",
    "ProjectFile",
    "Resources",
    "Retries",
    "Retrieval",
    "RoleName",
    "Rollout",
    "Route",
    "RouteRule",
    "Routing",
    "Runtime",
    "Sampling",
    "Sandbox",
    "Scalar",
    "Secret",
    "SecretUse",
    "Sharing",
    "Speculative",
    "Stack",
    "Store",
    "Strategy",
    "Task",
    "Team",
    "TeamTask",
    "Timeouts",
    "Tool",
    "Traffic",
    "Transfer",
    "Validation",
    "Verdict",
    "Warm",
    "Window",
]


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

    `used` maps a kind of reference (pool, secret, …) to the names that anything refers to. `cost`: what the machines of the pools cost
    a month; None where no pool names a type of machine.
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
    cost: Cost | None = None
