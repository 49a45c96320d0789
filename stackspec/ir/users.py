"""The Stack's users of models: retrieval, tools, agents, teams, apps, graphs; and what watches them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.cluster import Address, EnvValue, Json, Pool, SecretUse
from stackspec.ir.path import Path
from stackspec.ir.record import record


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
