"""The Stack's gateway: hops, limits, consumers and routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.cluster import Address, Json, Pool, SecretUse
from stackspec.ir.path import Path
from stackspec.ir.record import record


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
