"""The whole document: one stack in one environment, after composition."""

from __future__ import annotations

from typing import Literal

from stackspec.spec.agents import Agent, App, Team, Tool
from stackspec.spec.base import Section
from stackspec.spec.cluster import Cluster
from stackspec.spec.engines import Chart, Engine, Kubernetes
from stackspec.spec.gateway import Gateway
from stackspec.spec.models import Graph, Model
from stackspec.spec.observability import Observability
from stackspec.spec.retrieval import Retrieval
from stackspec.spec.secrets import Secret
from stackspec.spec.types import Json, Name, Text


class Spec(Section):
    """One AI stack in one environment."""

    stackspec: Literal["v1"]
    """Version of the language."""
    requires: str | None = None
    """Versions of the compiler that can read this, such as `">=0.2"`."""
    name: Name
    """Identity of the stack."""
    description: Text | None = None
    """What it is for."""
    owner: str | None = None
    """Who answers for it."""
    pinning: Literal["required", "advised"] = "advised"
    """`required`: everything unpinned is an error."""
    cluster: Cluster
    """Where it runs."""
    charts: dict[str, Chart] = {}
    """Third-party Helm releases."""
    engines: dict[Name, Engine] = {}
    """Serving engines and their releases."""
    models: dict[Name, Model] = {}
    """Served models."""
    graphs: dict[Name, Graph] = {}
    """Inference graphs."""
    gateway: Gateway | None = None
    """The application gateway."""
    retrieval: dict[Name, Retrieval] = {}
    """Searchable corpora."""
    tools: dict[Name, Tool] = {}
    """MCP servers."""
    agents: dict[Name, Agent] = {}
    """Agents."""
    teams: dict[Name, Team] = {}
    """Agents that work together."""
    apps: dict[Name, App] = {}
    """Other containers."""
    observability: Observability | None = None
    """Metrics, traces, dashboards and alerts."""
    secrets: dict[Name, Secret] = {}
    """Secrets by reference."""
    mirrors: dict[str, str] = {}
    """Registry, hub or chart repository to the mirror used instead."""
    kubernetes: Kubernetes | None = None
    """Escape hatches of the Kubernetes output."""
    targets: dict[str, dict[str, Json] | None] = {}
    """Where it goes, by name, each with its own options; `null` switches an implied one off."""
