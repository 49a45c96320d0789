"""`agents`, `teams`, `tools`, `apps`: what uses the models."""

from __future__ import annotations

from typing import Annotated, Literal

from stackspec.spec.base import Entry, Section
from stackspec.spec.secrets import EnvValue
from stackspec.spec.types import (
    AgentFramework,
    AgentRef,
    Amount,
    Bytes,
    Count,
    Cpu,
    Duration,
    EnvName,
    FileRef,
    FunctionRef,
    Json,
    ModelRef,
    Name,
    Number,
    PoolRef,
    Port,
    RetrievalRef,
    RouteRef,
    SecretRef,
    Text,
)


class Sandbox(Section):
    """What a tool may use and reach."""

    runtime_class: str | None = None
    """Runtime class that isolates it, such as gvisor."""
    cpu: Cpu | None = None
    """Most CPUs."""
    memory: Bytes | None = None
    """Most memory."""
    timeout: Duration | None = None
    """Longest call."""
    egress: list[str] | None = None
    """Hosts and ports that it may reach, `host:port`; an empty list: none."""


class Function(Section):
    """One function of a tool."""

    description: Text | None = None
    """What it does, as the model reads it."""
    input_schema: dict[str, Json] = {}
    """JSON Schema of its arguments."""
    output_schema: dict[str, Json] = {}
    """JSON Schema of its result."""
    approval: Literal["never", "always", "on_write"] = "never"
    """When a person must agree."""
    max_output_tokens: Count | None = None
    """Tokens that a result may add to a call."""


class Tool(Entry):
    """One MCP server: `image` (ours to run) or `url` (somebody else's)."""

    image: str | None = None
    """Container image of the server."""
    url: str | None = None
    """Address of a server that somebody else runs."""
    port: Port = 8080
    """Port of the server."""
    path: str = "/mcp"
    """Path of the protocol's endpoint."""
    pool: PoolRef | None = None
    """Pool that it runs on; default: any without accelerators."""
    replicas: Number = 1
    """Number of replicas."""
    command: list[str] | None = None
    """Command instead of the image's."""
    env: dict[EnvName, EnvValue] = {}
    """Environment variables."""
    sandbox: Sandbox | None = None
    """What it may use and reach."""
    functions: dict[Annotated[str, "function"], Function] = {}
    """Functions by name, referenced as `tool.function`."""


class Strategy(Section):
    """How an agent thinks."""

    kind: Literal["react", "chain_of_thought", "tree_of_thoughts", "plan_and_execute"]
    """Which strategy."""
    stream: bool | None = None
    """Stream the thoughts."""
    branches: Count | None = None
    """`tree_of_thoughts`: thoughts tried at each step."""
    depth: Count | None = None
    """`tree_of_thoughts`: steps at most."""


class Prompt(Section):
    """What an agent is told first."""

    system: FileRef | None = None
    """File with the system prompt."""


class Memory(Section):
    """What an agent remembers between runs."""

    kind: Literal["sqlite", "postgres", "none"]
    """Where."""
    secret: SecretRef | None = None
    """Secret with the database's URL."""
    ttl: Duration | None = None
    """For how long."""


class AgentLimits(Section):
    """When an agent must stop."""

    steps: Count | None = None
    """Steps of a whole run."""
    tokens: Count | None = None
    """Tokens of a whole run."""
    deadline: Duration | None = None
    """Time of a whole run."""
    context_tokens: Count | None = None
    """Tokens of one call."""


class Agent(Entry):
    """One agent."""

    framework: AgentFramework
    """langgraph, crewai, agent-framework, haystack."""
    image: str | None = None
    """Container image; without one it is compiled as a project only."""
    port: Port = 8080
    """Port that it serves on."""
    pool: PoolRef | None = None
    """Pool that it runs on; default: any without accelerators."""
    replicas: Number = 1
    """Number of replicas."""
    env: dict[EnvName, EnvValue] = {}
    """Environment variables."""
    strategy: Strategy | None = None
    """How it thinks."""
    route: RouteRef | None = None
    """Route of the gateway that it calls."""
    model: ModelRef | None = None
    """Model that it calls, where there is no gateway."""
    prompt: Prompt | None = None
    """What it is told first."""
    description: Text | None = None
    """What it does."""
    role: Text | None = None
    """Its role in a team."""
    goal: Text | None = None
    """What it aims at."""
    backstory: Text | None = None
    """Who it is."""
    tools: list[FunctionRef] = []
    """Functions that it may call, `tool.function`; `tool` for all of them."""
    retrieval: list[RetrievalRef] = []
    """Corpora that it may search."""
    delegates_to: list[AgentRef] = []
    """Agents that it may hand work to."""
    memory: Memory | None = None
    """What it remembers between runs."""
    limits: AgentLimits | None = None
    """When it must stop."""


class TaskRetry(Section):
    """How often a task is tried again."""

    attempts: Amount
    """How often, after the first try."""


class Task(Section):
    """One task of a team."""

    agent: AgentRef
    """Who does it."""
    description: Text | None = None
    """What is to be done."""
    expects: Text | None = None
    """What a good result is."""
    after: list[str] = []
    """Tasks that come first."""
    retry: TaskRetry | None = None
    """How often it is tried again."""


class Budget(Section):
    """What a run may cost."""

    tokens: Count | None = None
    """Tokens."""


class Objective(Section):
    """What a team optimises."""

    minimize: Literal["latency", "cost", "tokens"] | None = None
    """What is made small."""
    budget: Budget | None = None
    """What a run may cost."""


class Team(Entry):
    """Agents that work together."""

    framework: AgentFramework
    """Framework of all its members."""
    image: str | None = None
    """Container image that runs the team."""
    port: Port = 8080
    """Port that it serves on."""
    pool: PoolRef | None = None
    """Pool that it runs on; default: any without accelerators."""
    replicas: Number = 1
    """Number of replicas."""
    env: dict[EnvName, EnvValue] = {}
    """Environment variables."""
    members: list[AgentRef]
    """Its agents."""
    tasks: dict[Name, Task] = {}
    """What is to be done, by name."""
    objective: Objective | None = None
    """What it optimises."""


class App(Entry):
    """What is neither model, agent nor tool: a chat front end, a worker."""

    image: str
    """Container image."""
    port: Port | None = None
    """Port that it serves on."""
    pool: PoolRef | None = None
    """Pool that it runs on; default: any without accelerators."""
    replicas: Number = 1
    """Number of replicas."""
    command: list[str] | None = None
    """Command instead of the image's."""
    env: dict[EnvName, EnvValue] = {}
    """Environment variables."""
    route: RouteRef | None = None
    """Route of the gateway that it calls."""
    model: ModelRef | None = None
    """Model that it calls, where there is no gateway."""
